#pragma once
// The mutants' mistakes. Each function replaces one part of the node by a mistaken one.

#include "node/mutants/mutant.h"

namespace sunder::mistakes {

// persistence_mistakes.cc
void forget_votes_on_disk(Parts& parts, const Reached& reached);
void lose_the_term_with_the_old_log(Parts& parts, const Reached& reached);
void sync_votes_later(Parts& parts, const Reached& reached);
void write_candidacies_later(Parts& parts, const Reached& reached);
void write_the_vote_before_its_term(Parts& parts, const Reached& reached);
void acknowledge_before_sync(Parts& parts, const Reached& reached);
void count_unsynced_entries_of_its_own(Parts& parts, const Reached& reached);
void keep_the_durable_index_on_truncation(Parts& parts, const Reached& reached);
void append_behind_a_torn_tail(Parts& parts, const Reached& reached);
void drop_all_with_a_torn_tail(Parts& parts, const Reached& reached);
void remove_the_newest_segment_first(Parts& parts, const Reached& reached);
void leave_snapshots_unsynced(Parts& parts, const Reached& reached);

// election_mistakes.cc
void forget_the_vote_on_stepping_down(Parts& parts, const Reached& reached);
void forget_the_vote_in_pre_vote(Parts& parts, const Reached& reached);
void take_a_vote_for_node_one_for_none(Parts& parts, const Reached& reached);
void count_votes_twice(Parts& parts, const Reached& reached);
void count_votes_of_older_terms(Parts& parts, const Reached& reached);
void vote_as_a_leader(Parts& parts, const Reached& reached);
void compare_only_lengths(Parts& parts, const Reached& reached);
void ignore_later_terms_in_replies(Parts& parts, const Reached& reached);
void lead_on_in_a_later_term(Parts& parts, const Reached& reached);
void take_half_for_a_majority(Parts& parts, const Reached& reached);
void stand_right_after_voting(Parts& parts, const Reached& reached);
void wait_equally_long(Parts& parts, const Reached& reached);
void echo_the_term_of_a_pre_vote(Parts& parts, const Reached& reached);
void stay_without_a_quorum(Parts& parts, const Reached& reached);
void refuse_a_repeated_vote_request(Parts& parts, const Reached& reached);

// replication_mistakes.cc
void ignore_the_term_before_the_entries(Parts& parts, const Reached& reached);
void truncate_on_every_append(Parts& parts, const Reached& reached);
void truncate_what_is_compacted(Parts& parts, const Reached& reached);
void commit_older_terms_by_counting(Parts& parts, const Reached& reached);
void commit_what_was_not_verified(Parts& parts, const Reached& reached);
void acknowledge_all_it_has(Parts& parts, const Reached& reached);
void move_the_commit_index_back(Parts& parts, const Reached& reached);
void accept_append_replies_of_older_terms(Parts& parts, const Reached& reached);
void ask_again_at_the_same_place(Parts& parts, const Reached& reached);
void clear_its_log_on_election(Parts& parts, const Reached& reached);

// client_mistakes.cc
void read_without_quorum(Parts& parts, const Reached& reached);
void read_before_the_first_commit(Parts& parts, const Reached& reached);
void reuse_the_round_of_a_read(Parts& parts, const Reached& reached);
void count_the_lease_from_the_answer(Parts& parts, const Reached& reached);
void acknowledge_before_commit(Parts& parts, const Reached& reached);
void call_a_lost_command_failed(Parts& parts, const Reached& reached);

// apply_mistakes.cc
void skip_an_entry_after_a_restart(Parts& parts, const Reached& reached);
void apply_backwards(Parts& parts, const Reached& reached);
void judge_a_cas_when_proposed(Parts& parts, const Reached& reached);
void remember_only_its_own_clients(Parts& parts, const Reached& reached);
void leave_sessions_out_of_snapshots(Parts& parts, const Reached& reached);
void merge_the_snapshot(Parts& parts, const Reached& reached);

// object_mistakes.cc
void sort_the_pushes_of_a_batch(Parts& parts, const Reached& reached);
void push_again_when_retried(Parts& parts, const Reached& reached);
void add_to_the_set_before_the_batch(Parts& parts, const Reached& reached);
void leave_removes_out_of_snapshots(Parts& parts, const Reached& reached);
void increment_again_when_retried(Parts& parts, const Reached& reached);
void log_an_increment_as_its_sum(Parts& parts, const Reached& reached);
void answer_a_dequeue_as_proposed(Parts& parts, const Reached& reached);
void dequeue_again_when_retried(Parts& parts, const Reached& reached);
void forget_the_tokens_of_free_locks(Parts& parts, const Reached& reached);
void grant_locks_before_commit(Parts& parts, const Reached& reached);
void release_anybodys_lock(Parts& parts, const Reached& reached);
void keep_a_part_of_a_refused_transaction(Parts& parts, const Reached& reached);
void apply_a_transaction_in_two_steps(Parts& parts, const Reached& reached);
void count_ids_in_memory(Parts& parts, const Reached& reached);
void give_ids_when_proposed(Parts& parts, const Reached& reached);

// read_mistakes.cc
void read_transactions_on_any_node(Parts& parts, const Reached& reached);
void read_transactions_at_two_moments(Parts& parts, const Reached& reached);
void show_half_of_the_keys_late(Parts& parts, const Reached& reached);
void log_an_append_as_its_text(Parts& parts, const Reached& reached);
void read_registers_on_any_node(Parts& parts, const Reached& reached);
void read_where_the_session_is_known(Parts& parts, const Reached& reached);
void answer_the_applied_index_as_version(Parts& parts, const Reached& reached);

// snapshot_mistakes.cc
void keep_a_conflicting_suffix(Parts& parts, const Reached& reached);
void install_old_snapshots(Parts& parts, const Reached& reached);
void take_every_piece(Parts& parts, const Reached& reached);
void forget_the_term_at_the_edge(Parts& parts, const Reached& reached);

// membership_mistakes.cc
void change_one_server_at_once(Parts& parts, const Reached& reached);
void skip_the_joint_phase(Parts& parts, const Reached& reached);
void forget_the_configuration_on_restart(Parts& parts, const Reached& reached);
void listen_to_every_candidate(Parts& parts, const Reached& reached);
void let_everyone_elect(Parts& parts, const Reached& reached);
void take_commands_during_a_transfer(Parts& parts, const Reached& reached);

}  // namespace sunder::mistakes
