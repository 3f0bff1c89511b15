// The campaign this page shows, as results/campaign/campaign_page.cc describes it.

/// "20261125T211500Z" as "2026-11-25 21:15:00 UTC"; other names as they are.
function timeOf(id) {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(id);
  if (!parts) return id;
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day} ${hour}:${minute}:${second} UTC`;
}

function reportOf(folder) {
  return folder && [...folder.split("/"), "report.html"].map(encodeURIComponent).join("/");
}

function readCampaign() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const runs = data.runs.map((run) => ({
    ...run,
    // A run that crashed or hung has no page.
    report: ["crashed", "hung"].includes(run.standing) ? "" : reportOf(run.folder),
    what: [run.canary && "canary", run.system, run.workload, run.nemesis,
      run.mutant && `mutant ${run.mutant}`, `seed ${run.seed}`].filter(Boolean).join(" "),
  }));
  return { ...data, runs, began: timeOf(data.id) };
}

export const campaign = readCampaign();
