"""The attacks are real: where a layer is taken away, those that only this layer stops succeed.

These runs happen as an ordinary user, without any namespace to fall back on but one of pids, which is there because a
submission may then really kill, and with few processes. What takes a layer away is a boot file of the test's own (see
tests/boots.py); there is no switch for it in the grader.
"""

from __future__ import annotations

import pytest
from attacks.modes import BARE
from attacks.test_attacks import ATTACKS, in_mode

ONLY = {
    "landlock": """
secrets/dot_dot_out_of_the_library secrets/environment_through_proc secrets/import_what_is_installed_beside_numpy
secrets/inherited_descriptors secrets/links_of_the_grader secrets/list_processes secrets/list_the_graders_folder
secrets/list_the_root secrets/memory_through_proc secrets/open_a_path_only secrets/open_with_the_oldest_call
secrets/read_a_file_of_the_system secrets/read_a_secret_by_its_path secrets/read_the_reference
secrets/read_the_rubric secrets/settings_of_the_system tampering/open_and_truncate tampering/save_an_array
tampering/write_to_an_open_folder tampering/write_to_shared_memory tampering/write_to_tmp tampering/write_to_var_tmp
""",
    "seccomp": """
network/netlink network/options_of_the_line network/pair_of_sockets network/send_a_descriptor network/udp_send
network/unix_socket network/who_is_at_the_other_end resources/affinity resources/event_descriptors
resources/fork_bomb resources/memory_in_pipes resources/messages_of_system_v resources/semaphores_of_system_v
resources/shared_memory_of_system_v resources/timers secrets/clock_of_another_process
secrets/precision_of_anothers_clock survival/alarm
survival/another_signal_from_the_line survival/asynchronous_line survival/daemon survival/fork_by_clone
survival/group survival/limits_of_another survival/lock survival/own_limits survival/session
survival/signals_from_the_line survival/thread_that_goes_on survival/trace_me tampering/adjust_the_clock
tampering/another_rule tampering/become_dumpable tampering/chmod tampering/chown tampering/file_events
tampering/file_in_memory tampering/outlive_the_parent tampering/set_times tampering/sync_everything
""",
    "rlimits": "resources/mapped_memory resources/memory_through_malloc",
}
#: Whether these succeed hangs on how the kernel was built, its version, and the file systems here; a bare thread
#: without a stack of its own may also crash before it is seen.
PERHAPS = {
    "landlock": "",
    "seccomp": """
network/host_of_the_machine network/kernel_crypto resources/message_queue resources/input_and_output_priority
secrets/add_a_key secrets/extended_attributes secrets/handle_of_a_file secrets/read_a_keyring secrets/request_a_key
resources/threads_by_the_kernel survival/line_that_does_not_block survival/fork_by_vfork survival/kill_everything
tampering/io_uring tampering/memory_protection_keys
tampering/personality tampering/remap_as_a_32_bit_segment tampering/second_abi_32_bit tampering/set_an_attribute
""",
    "rlimits": "",
}


@pytest.mark.parametrize("layer", ONLY)
def test_without_this_layer_exactly_these_attacks_succeed(layer: str) -> None:
    told = in_mode(BARE, layer)
    if told is None:  # this host lets nobody arrange it
        return
    gained = {name for name, ending, _, damage in told["tried"] if damage or ending == "gets it"}
    gained -= {name for name, attack in ATTACKS.items() if attack.may_end("gets it", told["level"])}
    only = set(ONLY[layer].split()) & ATTACKS.keys()
    assert gained - only - set(PERHAPS[layer].split()) == set()
    assert only - gained == set()


def test_an_attack_that_succeeds_without_a_layer_fails_with_it() -> None:
    """The lists hold no attack that isn't stopped, and none that stands in no file."""
    listed = {name for names in (*ONLY.values(), *PERHAPS.values()) for name in names.split()}
    assert [name for name in listed & ATTACKS.keys() if ATTACKS[name].may_end("gets it", "no-namespaces")] == []
    assert len(listed & ATTACKS.keys()) > 70
