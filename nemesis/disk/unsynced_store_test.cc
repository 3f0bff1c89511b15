#include "nemesis/disk/unsynced_store.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <gtest/gtest.h>

#include "nemesis/disk/faulty_disk.h"
#include "testing/temporary_folder.h"

namespace sunder::nemesis::disk {
namespace {

namespace fs = std::filesystem;

constexpr Inode root = UnsyncedStore::root;

class UnsyncedStoreTest : public testing::Test {
 protected:
  UnsyncedStore& store() { return *store_; }

  Inode make(std::string_view name, std::string_view bytes, Inode folder = root) {
    const Inode file = store().create_file(folder, name, 0644);
    store().write(file, 0, bytes);
    return file;
  }
  Inode make_durable(std::string_view name, std::string_view bytes) {
    const Inode file = make(name, bytes);
    store().sync(file);
    store().sync(root);
    return file;
  }

  std::string contents(Inode file) const {
    std::string bytes(store_->size(file), '?');
    bytes.resize(store_->read(file, 0, bytes));
    return bytes;
  }
  /// "-" if there is none of that name.
  std::string contents(std::string_view name) const {
    const auto file = store_->find(root, name);
    return file ? contents(*file) : "-";
  }
  /// On the real disk.
  std::string durable(const fs::path& name) const {
    std::ifstream file(folder_ / name);
    if (!file) return "-";
    return {std::istreambuf_iterator<char>(file), {}};
  }

  template <class Call>
  static int error_of(Call call) {
    try {
      call();
    } catch (const std::system_error& error) {
      return error.code().value();
    }
    return 0;
  }

  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
  std::optional<UnsyncedStore> store_{std::in_place, folder_};
};

TEST_F(UnsyncedStoreTest, what_is_not_synced_is_read_back_but_not_on_the_disk) {
  const Inode file = make_durable("log", "abc");
  store().write(file, 3, "def");
  EXPECT_EQ(contents("log"), "abcdef");
  EXPECT_EQ(durable("log"), "abc");
}

TEST_F(UnsyncedStoreTest, a_power_loss_forgets_what_is_not_synced_and_counts_it) {
  const Inode file = make_durable("log", "abc");
  store().write(file, 1, "XYZ");
  make("other", "12345");
  EXPECT_EQ(store().forget(), (Lost{2, 8, 1}));
  EXPECT_EQ(contents("log"), "abc");
  EXPECT_EQ(contents("other"), "-");
  EXPECT_EQ(store().forget(), (Lost{0, 0, 0}));
}

TEST_F(UnsyncedStoreTest, a_synced_file_whose_name_is_not_synced_is_gone) {
  const Inode file = make("log", "abc");
  store().sync(file);
  EXPECT_EQ(durable("log"), "-");
  EXPECT_EQ(store().forget().entries, 1);
  EXPECT_EQ(contents("log"), "-");
}

TEST_F(UnsyncedStoreTest, a_synced_name_may_have_an_empty_file_behind_it) {
  make("log", "abc");
  store().sync(root);
  EXPECT_EQ(contents("log"), "abc");
  store().forget();
  EXPECT_EQ(contents("log"), "");
  EXPECT_EQ(durable("log"), "");
}

TEST_F(UnsyncedStoreTest, a_rename_is_undone_as_a_whole_until_the_folder_is_synced) {
  make_durable("state", "old");
  const Inode aside = make("state.tmp", "new");
  store().sync(aside);
  store().rename(root, "state.tmp", root, "state");
  EXPECT_EQ(contents("state"), "new");
  store().forget();
  EXPECT_EQ(contents("state"), "old");
  EXPECT_EQ(contents("state.tmp"), "-");

  const Inode again = make("state.tmp", "new");
  store().sync(again);
  store().rename(root, "state.tmp", root, "state");
  store().sync(root);
  store().forget();
  EXPECT_EQ(contents("state"), "new");
  EXPECT_EQ(durable("state"), "new");
  EXPECT_EQ(durable("state.tmp"), "-");
}

TEST_F(UnsyncedStoreTest, a_removed_file_comes_back_and_is_readable_while_it_is_held) {
  const Inode file = make_durable("log", "abc");
  store().hold(file);
  store().remove_file(root, "log");
  EXPECT_EQ(contents("log"), "-");
  EXPECT_EQ(contents(file), "abc");
  store().forget();
  EXPECT_EQ(contents("log"), "abc");
  store().remove_file(root, "log");
  store().sync(root);
  EXPECT_EQ(durable("log"), "-");
  EXPECT_EQ(contents(file), "abc");
  store().release(file, 1);
  EXPECT_EQ(error_of([&] { (void)store().size(file); }), ESTALE);
}

TEST_F(UnsyncedStoreTest, a_cut_file_has_its_end_back_and_no_old_bytes_shine_through) {
  const Inode file = make_durable("log", "abcdef");
  store().truncate(file, 2);
  store().truncate(file, 4);
  EXPECT_EQ(contents("log"), std::string("ab\0\0", 4));
  store().forget();
  EXPECT_EQ(contents("log"), "abcdef");
  store().truncate(file, 2);
  store().write(file, 3, "X");
  store().sync(file);
  EXPECT_EQ(durable("log"), std::string("ab\0X", 4));
}

TEST_F(UnsyncedStoreTest, a_synced_folder_has_its_own_name_too) {
  const Inode inner = store().create_folder(root, "wal", 0755);
  const Inode file = make("0.log", "abc", inner);
  store().sync(file);
  store().sync(inner);
  EXPECT_EQ(durable("wal/0.log"), "abc");
  store().remove_file(inner, "0.log");
  store().remove_folder(root, "wal");
  store().sync(root);
  EXPECT_FALSE(fs::exists(folder_ / "wal"));
}

TEST_F(UnsyncedStoreTest, a_rename_across_folders_never_loses_both_names) {
  const Inode from = store().create_folder(root, "from", 0755);
  const Inode to = store().create_folder(root, "to", 0755);
  const Inode file = make("log", "abc", from);
  store().sync(file);
  store().sync(from);
  store().rename(from, "log", to, "log");
  store().sync(from);
  store().forget();
  EXPECT_EQ(durable("to/log"), "abc");
  EXPECT_EQ(durable("from/log"), "-");
}

TEST_F(UnsyncedStoreTest, a_torn_write_keeps_a_prefix_that_the_seed_chooses) {
  std::set<std::string> kept;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Inode file = make_durable("log", "abc");
    store().write(file, 3, "def");
    store().write(file, 6, "ghi");
    store().tear(seed);
    const std::string bytes = contents("log");
    EXPECT_EQ(bytes, durable("log"));
    EXPECT_TRUE(std::string("abcdefghi").starts_with(bytes)) << bytes;
    kept.insert(bytes);
    store().empty();
  }
  EXPECT_EQ(kept, (std::set<std::string>{"abcdef", "abcdefg", "abcdefgh"}));
}

TEST_F(UnsyncedStoreTest, a_torn_power_loss_keeps_the_first_of_the_changed_entries) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    for (const char* name : {"1", "2", "3"}) make(name, "");
    store().tear(seed);
    const bool in_order = (contents("1") == "" || contents("2") == "-") &&
                          (contents("2") == "" || contents("3") == "-");
    EXPECT_TRUE(in_order) << "seed " << seed;
    store().empty();
  }
}

TEST_F(UnsyncedStoreTest, after_a_failed_sync_the_bytes_are_read_but_no_later_sync_writes_them) {
  const Inode file = make_durable("log", "abc");
  store().write(file, 0, "X");
  store().fail_sync(file);
  store().write(file, 2, "Z");
  store().sync(file);
  EXPECT_EQ(contents("log"), "XbZ");
  EXPECT_EQ(durable("log"), "abZ");
  EXPECT_EQ(store().forget(), (Lost{1, 1, 0}));
  EXPECT_EQ(contents("log"), "abZ");
}

TEST_F(UnsyncedStoreTest, is_what_the_folder_held_when_it_is_opened_again) {
  const Inode inner = store().create_folder(root, "wal", 0755);
  store().sync(make("log", "abc", inner));
  store().sync(inner);
  store_.emplace(folder_);
  const auto found = store().find(root, "wal");
  ASSERT_TRUE(found);
  EXPECT_EQ(contents(*store().find(*found, "log")), "abc");
  store().empty();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(UnsyncedStoreTest, a_damaged_byte_is_none_of_the_last_synced_write_and_can_be_restored) {
  const Inode file = make_durable("log", "abcd");
  EXPECT_FALSE(store().flip(1));
  store().write(file, 4, "efgh");
  store().sync(file);
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto flip = store().flip(seed);
    ASSERT_TRUE(flip);
    EXPECT_LT(flip->offset, 4U);
    EXPECT_NE(contents("log"), "abcdefgh");
    EXPECT_EQ(contents("log").substr(4), "efgh");
    store().flip_back(*flip);
    EXPECT_EQ(contents("log"), "abcdefgh");
  }
}

TEST_F(UnsyncedStoreTest, a_byte_of_the_last_synced_write_is_damaged_once_the_program_wrote_on) {
  const Inode file = make_durable("log", "abcd");
  store().write(file, 4, "e");
  const auto flip = store().flip(1);
  ASSERT_TRUE(flip);
  EXPECT_LT(flip->offset, 4U);
  store().flip_back(*flip);
  EXPECT_EQ(contents("log"), "abcde");
}

TEST_F(UnsyncedStoreTest, refuses_what_a_file_system_refuses) {
  const Inode file = make("log", "");
  const Inode inner = store().create_folder(root, "wal", 0755);
  make("0.log", "", inner);
  EXPECT_EQ(error_of([&] { store().create_file(root, "log", 0644); }), EEXIST);
  EXPECT_EQ(error_of([&] { store().remove_file(root, "none"); }), ENOENT);
  EXPECT_EQ(error_of([&] { store().remove_file(root, "wal"); }), EISDIR);
  EXPECT_EQ(error_of([&] { store().remove_folder(root, "wal"); }), ENOTEMPTY);
  EXPECT_EQ(error_of([&] { store().remove_folder(root, "log"); }), ENOTDIR);
  EXPECT_EQ(error_of([&] { store().rename(root, "log", root, "wal"); }), EISDIR);
  EXPECT_EQ(error_of([&] { (void)store().find(file, "x"); }), ENOTDIR);
}

TEST_F(UnsyncedStoreTest, a_synced_file_keeps_its_path_where_names_are_kept) {
  const Inode inner = store().create_folder(root, "member", 0755);
  const Inode wal = store().create_folder(inner, "wal", 0755);
  store().sync(make("0.wal", "abc", wal), Sync::data);
  make("never-synced", "x");
  EXPECT_EQ(store().forget(Names::kept), (Lost{1, 1, 1}));
  EXPECT_EQ(durable("member/wal/0.wal"), "abc");
  EXPECT_EQ(contents("never-synced"), "-");
}

TEST_F(UnsyncedStoreTest, the_journal_is_as_nothing_where_names_are_lost) {
  store().sync(make("log", "abc"));
  EXPECT_EQ(durable("log"), "-");
  store().forget(Names::lost);
  EXPECT_EQ(contents("log"), "-");
}

TEST_F(UnsyncedStoreTest, a_rename_over_a_file_is_lost_until_a_later_sync_writes_the_journal) {
  make_durable("state", "old");
  const Inode other = make_durable("other", "1");
  for (const bool is_synced_later : {false, true}) {
    store().sync(make("state.tmp", "new"));
    store().rename(root, "state.tmp", root, "state");
    if (is_synced_later) {
      store().write(other, store().size(other), "2");
      store().sync(other, Sync::data);
    }
    store().forget(Names::kept);
    EXPECT_EQ(contents("state"), is_synced_later ? "new" : "old");
    EXPECT_EQ(contents("state.tmp"), is_synced_later ? "-" : "new");
    if (!is_synced_later) store().remove_file(root, "state.tmp");
  }
}

// As in recycled files of a write-ahead log. fdatasync does not wait for the time of a file.
TEST_F(UnsyncedStoreTest, bytes_written_over_bytes_are_synced_without_the_journal_by_fdatasync) {
  const Inode log = make_durable("log", std::string(8192, 'x'));
  for (const Sync how : {Sync::data, Sync::all}) {
    make("named", "");
    store().write(log, 0, "new");
    store().sync(log, how);
    EXPECT_EQ(store().forget(Names::kept).entries, how == Sync::data ? 1 : 0);
    EXPECT_EQ(contents("named"), how == Sync::data ? "-" : "");
  }
}

TEST_F(UnsyncedStoreTest, the_first_bytes_in_a_block_that_was_only_reserved_write_the_journal) {
  const Inode log = make_durable("log", "");
  store().truncate(log, 1 << 20);
  store().sync(log);
  make("named", "");
  store().write(log, 8192, "new");
  store().sync(log, Sync::data);
  EXPECT_EQ(store().forget(Names::kept).entries, 0);
  EXPECT_EQ(contents("named"), "");
}

TEST_F(UnsyncedStoreTest, a_name_that_the_journal_keeps_may_have_an_empty_file_behind_it) {
  make_durable("state", "old");
  make("state.tmp", "new");
  store().rename(root, "state.tmp", root, "state");
  store().sync(make("other", "x"));
  store().forget(Names::kept);
  EXPECT_EQ(contents("state"), "");
}

TEST_F(UnsyncedStoreTest, a_truncation_is_undone_unless_the_journal_was_written_since) {
  const Inode log = make_durable("log", "abcdef");
  store().truncate(log, 2);
  store().forget(Names::kept);
  EXPECT_EQ(contents("log"), "abcdef");
  store().truncate(log, 2);
  store().write(log, 2, "XY");
  store().sync(make("other", "x"));
  store().forget(Names::lost);
  EXPECT_EQ(contents("log"), "abcdef");
  store().truncate(log, 2);
  store().write(log, 2, "XY");
  store().sync(make("other", "x"));
  store().forget(Names::kept);
  EXPECT_EQ(contents("log"), "ab");
  EXPECT_EQ(durable("log"), "ab");
}

TEST_F(UnsyncedStoreTest, a_removal_that_the_journal_holds_stays) {
  make_durable("old", "abc");
  store().remove_file(root, "old");
  store().sync(make("other", "x"));
  store().forget(Names::kept);
  EXPECT_EQ(contents("old"), "-");
}

TEST_F(UnsyncedStoreTest, a_torn_power_loss_keeps_what_the_journal_holds) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    store().sync(make("synced", "abc"));
    make("named", "");
    store().tear(seed, Names::kept);
    EXPECT_EQ(contents("synced"), "abc") << "seed " << seed;
    store().empty();
  }
}

TEST_F(UnsyncedStoreTest, where_names_are_kept_a_write_is_torn_between_sectors) {
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Inode file = make_durable("log", std::string(500, 'a'));
    store().write(file, 500, std::string(1000, 'b'));
    store().tear(seed, Names::kept);
    sizes.insert(contents("log").size());
    store().empty();
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>{500, 512, 1024}));
}

TEST_F(UnsyncedStoreTest, a_failed_sync_keeps_no_name) {
  const Inode file = make("log", "abc");
  store().fail_sync(file);
  store().forget(Names::kept);
  EXPECT_EQ(contents("log"), "-");
}

TEST_F(UnsyncedStoreTest, a_file_has_as_many_names_as_it_was_given) {
  const Inode file = make_durable("a", "abc");
  store().link(file, root, "b");
  EXPECT_EQ(store().names(file), 2);
  store().remove_file(root, "a");
  EXPECT_EQ(contents("b"), "abc");
  store().forget();
  EXPECT_EQ(contents("a"), "abc");
  EXPECT_EQ(contents("b"), "-");
  EXPECT_EQ(store().names(file), 1);
  EXPECT_EQ(error_of([&] { store().link(file, root, "a"); }), EEXIST);
  EXPECT_EQ(error_of([&] { store().link(root, root, "c"); }), EPERM);
}

TEST_F(UnsyncedStoreTest, a_file_that_got_a_second_name_never_loses_both) {
  const Inode to = store().create_folder(root, "to", 0755);
  store().sync(root);
  const Inode file = make_durable("tmp", "abc");
  store().link(file, to, "log");
  store().remove_file(root, "tmp");
  store().sync(root);
  store().forget();
  EXPECT_EQ(durable("to/log"), "abc");
  EXPECT_EQ(durable("tmp"), "-");
}

TEST_F(UnsyncedStoreTest, symbolic_links_and_sockets_are_names_like_others) {
  store().create_link(root, "to", "elsewhere/log");
  store().create_special(root, "socket", S_IFSOCK, 0600);
  store().sync(root);
  EXPECT_EQ(fs::read_symlink(folder_ / "to"), "elsewhere/log");
  EXPECT_TRUE(fs::is_socket(folder_ / "socket"));
  store_.emplace(folder_);
  const Inode link = *store().find(root, "to");
  EXPECT_EQ(store().link_target(link), "elsewhere/log");
  EXPECT_EQ(store().type(*store().find(root, "socket")), static_cast<mode_t>(S_IFSOCK));
  EXPECT_EQ(error_of([&] { store().write(link, 0, "x"); }), EINVAL);
  store().remove_file(root, "to");
  store().remove_file(root, "socket");
  store().sync(root);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(UnsyncedStoreTest, what_the_journal_holds_is_on_the_disk_when_it_is_settled) {
  store().sync(make("log", "abc"));
  make("other", "x");
  store().settle_journal();
  EXPECT_EQ(durable("log"), "abc");
  EXPECT_EQ(durable("other"), "-");
  store().forget();
  EXPECT_EQ(contents("log"), "abc");
}

TEST_F(UnsyncedStoreTest, what_was_written_back_is_durable_under_its_name) {
  const Inode log = make("log", "abc");
  store().write_back();
  EXPECT_EQ(durable("log"), "abc");
  store().write(log, 3, "d");
  store().forget();
  EXPECT_EQ(contents("log"), "abc");
}

TEST_F(UnsyncedStoreTest, a_tail_that_is_gone_comes_back_if_nobody_wrote_there) {
  make_durable("log", "abcdef" + std::string(9000, '\0'));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto cut = store().cut_tail(seed);
    ASSERT_TRUE(cut);
    EXPECT_LT(contents("log").size(), 6U);
    EXPECT_TRUE(std::string("abcdef").starts_with(contents("log")));
    EXPECT_EQ(durable("log"), contents("log"));
    EXPECT_TRUE(store().repair(*cut));
    EXPECT_EQ(contents("log"), "abcdef" + std::string(9000, '\0'));
  }
  const auto cut = store().cut_tail(1);
  const Inode log = *store().find(root, "log");
  store().write(log, store().size(log), "other");
  EXPECT_FALSE(store().repair(*cut));
  EXPECT_TRUE(contents("log").ends_with("other"));
}

TEST_F(UnsyncedStoreTest, a_lost_write_gives_back_what_the_last_syncs_replaced) {
  const Inode file = make_durable("table", "old page");
  store().write(file, 0, "new");
  store().sync(file);
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto lost = store().lose_write(seed);
    ASSERT_TRUE(lost);
    seen.insert(contents("table"));
    EXPECT_EQ(durable("table"), contents("table"));
    EXPECT_TRUE(store().repair(*lost));
    EXPECT_EQ(contents("table"), "new page");
  }
  // Of the first write, zeros come back.
  EXPECT_EQ(seen, (std::set<std::string>{"old page", std::string(8, '\0')}));
  const auto lost = store().lose_write(1);
  store().write(file, lost->damage.offset, "other");
  EXPECT_FALSE(store().repair(*lost));
}

TEST_F(UnsyncedStoreTest, a_copied_part_is_what_the_other_folder_has_at_that_path) {
  const TemporaryFolder other;
  std::ofstream(other.path() / "log") << "ABCxyz and more";
  std::ofstream(other.path() / "elsewhere") << "x";
  make_durable("log", "abcdef");
  make_durable("only-here", "1");
  const auto copied = store().copy_from(other.path(), 7);
  ASSERT_TRUE(copied);
  EXPECT_EQ(copied->file, "log");
  EXPECT_EQ(contents("log"), "ABCxyz");
  EXPECT_EQ(durable("log"), "ABCxyz");
  EXPECT_FALSE(store().copy_from(other.path(), 7));
  EXPECT_TRUE(store().repair(*copied));
  EXPECT_EQ(contents("log"), "abcdef");
}

TEST_F(UnsyncedStoreTest, an_empty_disk_has_nothing_to_damage) {
  make_durable("log", "");
  EXPECT_FALSE(store().cut_tail(1));
  EXPECT_FALSE(store().lose_write(1));
  EXPECT_FALSE(store().copy_from(folder_, 1));
}

// Against a model that keeps whole trees: what the disk shows after a power loss is what was
// synced.
TEST_F(UnsyncedStoreTest, keeps_exactly_what_was_synced_whatever_is_done_to_it) {
  const std::vector<std::string> names{"a", "b", "c"};
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Random random(seed);
    std::map<Inode, std::string> synced_bytes;
    std::map<std::string, Inode> synced_names;
    for (int step = 0; step < 40; ++step) {
      const std::string& name = random.one_of(names);
      const auto file = store().find(root, name);
      const std::size_t action = random.below(6);
      if (!file) {
        synced_bytes[store().create_file(root, name, 0644)] = "";
      } else if (action == 0) {
        store().remove_file(root, name);
      } else if (action == 1) {
        store().rename(root, name, root, random.one_of(names));
      } else if (action == 2) {
        store().sync(*file);
        synced_bytes[*file] = contents(*file);
      } else if (action == 3) {
        store().truncate(*file, random.below(20));
      } else {
        store().write(*file, random.below(10), std::string(random.below(10), 'a' + step % 26));
      }
      if (random.chance(0.1)) {
        store().sync(root);
        synced_names = {store().entries(root).begin(), store().entries(root).end()};
      }
    }
    store().forget();
    for (const std::string& name : names) {
      const auto file = synced_names.find(name);
      const std::string expected = file == synced_names.end() ? "-" : synced_bytes.at(file->second);
      ASSERT_EQ(contents(name), expected) << "seed " << seed;
      ASSERT_EQ(durable(name), expected) << "seed " << seed;
    }
    store().empty();
  }
}

// Where names are kept, no power loss loses more than where they are lost.
TEST_F(UnsyncedStoreTest, keeps_names_up_to_the_last_sync_that_wrote_the_journal) {
  const std::vector<std::string> names{"a", "b", "c"};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    std::map<std::string, Inode> journal;
    for (int step = 0; step < 40; ++step) {
      const std::string& name = random.one_of(names);
      const auto file = store().find(root, name);
      const std::size_t action = random.below(5);
      if (!file) {
        store().create_file(root, name, 0644);
      } else if (action == 0) {
        store().remove_file(root, name);
      } else if (action == 1) {
        store().rename(root, name, root, random.one_of(names));
      } else if (action == 2) {
        // It always grows, so that its sync writes the journal.
        store().write(*file, store().size(*file), "x");
        store().sync(*file, random.chance(0.5) ? Sync::data : Sync::all);
        journal = {store().entries(root).begin(), store().entries(root).end()};
      } else if (action == 3 && random.chance(0.3)) {
        store().sync(root);
        journal = {store().entries(root).begin(), store().entries(root).end()};
      }
    }
    store().forget(Names::kept);
    for (const std::string& name : names) {
      const auto expected = journal.find(name);
      ASSERT_EQ(store().find(root, name).has_value(), expected != journal.end()) << "seed " << seed;
      ASSERT_EQ(fs::exists(folder_ / name), expected != journal.end()) << "seed " << seed;
      if (expected != journal.end()) {
        ASSERT_EQ(*store().find(root, name), expected->second) << "seed " << seed;
        ASSERT_EQ(contents(name), durable(name)) << "seed " << seed;
      }
    }
    store().empty();
  }
}

class FaultyDiskTest : public UnsyncedStoreTest {
 protected:
  void SetUp() override {
    UnsyncedStoreTest::SetUp();
    disk_.emplace(store());
  }

  std::string obey(std::string_view order) { return disk_->obey(order).dump(); }

  std::optional<FaultyDisk> disk_;
};

TEST_F(FaultyDiskTest, says_what_a_power_loss_has_cost) {
  make("log", "abc");
  EXPECT_EQ(obey("forget"), R"({"files":1,"bytes":3,"entries":1})");
}

TEST_F(FaultyDiskTest, fails_the_next_sync_that_has_something_to_write_once) {
  const Inode file = make_durable("log", "abc");
  obey("fail-sync");
  disk_->sync(root);
  disk_->sync(file);
  store().write(file, 0, "X");
  EXPECT_EQ(error_of([&] { disk_->sync(file); }), EIO);
  EXPECT_EQ(error_of([&] { disk_->sync(file); }), 0);
  EXPECT_EQ(durable("log"), "abc");
  EXPECT_EQ(obey("heal"), R"({"failed_syncs":1,"refused_writes":0,"delayed":0})");
}

TEST_F(FaultyDiskTest, has_no_room_while_it_is_full) {
  obey("full");
  EXPECT_EQ(error_of([&] { disk_->require_room(); }), ENOSPC);
  obey("heal");
  EXPECT_EQ(error_of([&] { disk_->require_room(); }), 0);
}

TEST_F(FaultyDiskTest, keeps_the_names_of_synced_files_when_it_is_told_so) {
  store().sync(make("log", "abc"));
  make("other", "12345");
  EXPECT_EQ(obey("forget keeping names"), R"({"files":1,"bytes":5,"entries":1})");
  EXPECT_EQ(contents("log"), "abc");
  store().sync(make("other", "12345"));
  obey("tear 7 keeping names");
  EXPECT_EQ(contents("other"), "12345");
}

TEST_F(FaultyDiskTest, fills_up_in_the_middle_of_a_write) {
  obey("full-midway");
  EXPECT_EQ(error_of([&] { disk_->require_room(); }), 0);
  EXPECT_EQ(disk_->room_for(10), 5U);
  EXPECT_EQ(error_of([&] { disk_->room_for(5); }), ENOSPC);
  EXPECT_TRUE(disk_->is_full());
  EXPECT_EQ(obey("heal"), R"({"failed_syncs":0,"refused_writes":2,"delayed":0})");
  EXPECT_EQ(disk_->room_for(5), 5U);
}

TEST_F(FaultyDiskTest, may_be_slow_in_its_syncs_only) {
  obey("slow-sync 20");
  EXPECT_EQ(disk_->delay(FaultyDisk::Request::write), std::chrono::milliseconds(0));
  EXPECT_EQ(disk_->delay(FaultyDisk::Request::sync), std::chrono::milliseconds(20));
  EXPECT_EQ(obey("heal"), R"({"failed_syncs":0,"refused_writes":0,"delayed":1})");
}

TEST_F(FaultyDiskTest, says_what_it_damaged_and_what_it_could_not_repair) {
  const Inode log = make_durable("log", "abcdef");
  const TemporaryFolder other;
  std::ofstream(other.path() / "log") << "ABCDEF";
  const std::string copy = "copy 1 " + other.path().string();
  for (const std::string& order : {std::string("truncate 1"), std::string("lost-write 1"), copy}) {
    EXPECT_NE(obey(order).find(R"({"file":"log","offset":)"), std::string::npos) << order;
    EXPECT_NE(contents("log"), "abcdef") << order;
    EXPECT_EQ(obey("heal"), R"({"failed_syncs":0,"refused_writes":0,"delayed":0})");
    EXPECT_EQ(contents("log"), "abcdef") << order;
  }
  obey(copy);
  store().write(log, 0, "x");
  EXPECT_EQ(obey("heal"),
            R"({"failed_syncs":0,"refused_writes":0,"delayed":0,"not_repaired":"log"})");
  EXPECT_EQ(obey("copy 1"), R"({"error":"no order: copy 1"})");
}

TEST_F(FaultyDiskTest, says_why_it_damaged_nothing) {
  EXPECT_EQ(obey("truncate 1"), R"({"note":"there is no file with a tail to lose"})");
  EXPECT_EQ(obey("lost-write 1"), R"({"note":"no synced write has changed a file"})");
  EXPECT_EQ(obey("copy 1 /"),
            R"({"note":"no file differs from the one of that name on the other disk"})");
}

TEST_F(FaultyDiskTest, is_slow_until_it_heals) {
  obey("slow 20");
  EXPECT_EQ(disk_->delay(FaultyDisk::Request::write), std::chrono::milliseconds(20));
  EXPECT_EQ(obey("heal"), R"({"failed_syncs":0,"refused_writes":0,"delayed":1})");
  EXPECT_EQ(disk_->delay(FaultyDisk::Request::write), std::chrono::milliseconds(0));
}

TEST_F(FaultyDiskTest, damages_nothing_between_a_power_loss_and_the_next_sync) {
  make_durable("log", "abcd");
  store().write(*store().find(root, "log"), 4, "efgh");
  store().sync(*store().find(root, "log"));
  for (const char* loss : {"forget", "tear 1"}) {
    obey(loss);
    EXPECT_EQ(obey("flip 1"),
              R"({"note":"no byte is damaged before the first sync after a power loss"})");
    EXPECT_EQ(durable("log"), "abcdefgh");
    disk_->sync(*store().find(root, "log"));
    EXPECT_NE(obey("flip 1").find(R"("file":"log")"), std::string::npos);
    obey("heal");
  }
}

TEST_F(FaultyDiskTest, gives_a_damaged_byte_back) {
  make_durable("log", "abcd");
  EXPECT_EQ(obey("flip 1"), R"({"note":"there is no synced byte to damage"})");
  store().write(*store().find(root, "log"), 4, "efgh");
  store().sync(*store().find(root, "log"));
  EXPECT_NE(obey("flip 1").find(R"("file":"log")"), std::string::npos);
  EXPECT_NE(durable("log"), "abcdefgh");
  obey("heal");
  EXPECT_EQ(durable("log"), "abcdefgh");
}

TEST_F(FaultyDiskTest, names_an_order_that_is_none) {
  EXPECT_EQ(obey("slow"), R"({"error":"no order: slow"})");
  EXPECT_EQ(obey("explode"), R"({"error":"no order: explode"})");
}

}  // namespace
}  // namespace sunder::nemesis::disk
