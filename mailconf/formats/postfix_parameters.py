"""Which main.cf parameter exists in which Postfix, from 3.5 on, and which ones postconf warns about.

Measured with `postconf -d` and `postconf -n` of Debian's 3.5.25, 3.7.11, 3.10.13 and 3.11.7; the
releases between them from postconf(5), "This feature is available in Postfix X.Y and later", and
from the RELEASE_NOTES of each release. Versions are tuples of numbers: (3, 10, 5).
"""

from __future__ import annotations

import re
from functools import cache

from mailconf.formats.postfix_names import OLD

Numbers = tuple[int, ...]

ADDED: dict[Numbers, str] = {
    (3, 6): """
dnssec_probe empty_address_local_login_sender_maps_lookup_key enable_threaded_bounces
known_tcp_ports local_login_sender_maps postscreen_allowlist_interfaces
postscreen_denylist_action postscreen_dnsbl_allowlist_threshold respectful_logging
smtpd_relay_before_recipient_restrictions smtpd_sasl_mechanism_filter
""",
    (3, 7): """
lmtp_bind_address_enforce lmtp_min_data_rate lmtp_per_request_deadline smtp_bind_address_enforce
smtp_min_data_rate smtp_per_request_deadline smtpd_min_data_rate smtpd_per_request_deadline
tlsproxy_client_policy_maps tlsproxy_client_security_level
""",
    (3, 8): """
allow_srv_lookup_fallback ignore_srv_lookup_error smtpd_client_ipv4_prefix_length
smtpd_client_ipv6_prefix_length tls_ffdhe_auto_groups use_srv_lookup
""",
    (3, 9): """
cleanup_replace_stray_cr_lf force_mime_input_conversion lmtp_sasl_password_result_delimiter
lmtp_tls_enable_rpk maillog_file_permissions smtp_sasl_password_result_delimiter
smtp_tls_enable_rpk smtpd_forbid_bare_newline smtpd_forbid_bare_newline_exclusions
smtpd_forbid_bare_newline_reject_code smtpd_forbid_unauth_pipelining smtpd_tls_enable_rpk
tls_config_file tls_config_name tlsproxy_tls_enable_rpk
""",
    (3, 10): """
full_name_encoding_charset lmtp_tlsrpt_enable lmtp_tlsrpt_skip_reused_handshakes
lmtp_tlsrpt_socket_name smtp_tlsrpt_enable smtp_tlsrpt_skip_reused_handshakes
smtp_tlsrpt_socket_name smtpd_hide_client_session socketmap_max_reply_size tls_required_enable
""",
    (3, 11): """
default_cache_db_type lmtp_log_tls_feature_status lmtp_requiretls_policy
lmtp_tls_enforce_sts_mx_patterns non_bdb_custom_mapping non_bdb_migration_allow_root_prefixes
non_bdb_migration_allow_user_prefixes non_bdb_migration_level non_bdb_migration_log_redirect
non_bdb_migration_service_name non_empty_end_of_header_action relocated_prefix_enable
requiretls_enable requiretls_esmtp_header requiretls_redact_dsn smtp_log_tls_feature_status
smtp_requiretls_policy smtp_tls_enforce_sts_mx_patterns smtpd_reject_filter_maps
""",
}
"""Those that came with each later release."""

BACKPORTED: dict[str, tuple[Numbers, ...]] = {
    "cleanup_replace_stray_cr_lf": (
        (3, 8, 5),
        (3, 7, 10),
        (3, 6, 14),
        (3, 5, 24),
    ),
    "dnssec_probe": ((3, 5, 9),),
    "lmtp_tls_enforce_sts_mx_patterns": ((3, 10, 5),),
    "smtp_tls_enforce_sts_mx_patterns": ((3, 10, 5),),
    "smtpd_forbid_bare_newline": (
        (3, 8, 4),
        (3, 7, 9),
        (3, 6, 13),
        (3, 5, 23),
    ),
    "smtpd_forbid_bare_newline_exclusions": (
        (3, 8, 4),
        (3, 7, 9),
        (3, 6, 13),
        (3, 5, 23),
    ),
    "smtpd_forbid_bare_newline_reject_code": (
        (3, 8, 5),
        (3, 7, 10),
        (3, 6, 14),
        (3, 5, 24),
    ),
    "smtpd_forbid_unauth_pipelining": (
        (3, 8, 1),
        (3, 7, 6),
        (3, 6, 10),
        (3, 5, 20),
    ),
    "tls_config_file": (
        (3, 8, 1),
        (3, 7, 6),
        (3, 6, 10),
        (3, 5, 20),
    ),
    "tls_config_name": (
        (3, 8, 1),
        (3, 7, 6),
        (3, 6, 10),
        (3, 5, 20),
    ),
}
"""Patch releases of older branches that have a parameter too."""

REMOVED: dict[str, Numbers] = {
    "tls_legacy_public_key_fingerprints": (3, 11),
}
"""The first release without a parameter."""

DEPRECATED: dict[str, tuple[Numbers, str]] = {
    "authorized_verp_clients": ((3, 11), "smtpd_authorized_verp_clients"),
    "disable_dns_lookups": ((3, 9), "smtp_dns_support_level"),
    "fallback_relay": ((3, 11), "smtp_fallback_relay"),
    "lmtp_cname_overrides_servername": ((3, 11), ""),
    "lmtp_enforce_tls": ((3, 9), "lmtp_tls_security_level"),
    "lmtp_per_record_deadline": ((3, 11), "lmtp_per_request_deadline"),
    "lmtp_tls_enforce_peername": ((3, 11), "lmtp_tls_security_level"),
    "lmtp_tls_per_site": ((3, 9), "lmtp_tls_policy_maps"),
    "lmtp_use_tls": ((3, 9), "lmtp_tls_security_level"),
    "postscreen_blacklist_action": ((3, 11), "postscreen_denylist_action"),
    "postscreen_dnsbl_ttl": ((3, 11), "postscreen_dnsbl_max_ttl"),
    "postscreen_dnsbl_whitelist_threshold": ((3, 11), "postscreen_dnsbl_allowlist_threshold"),
    "postscreen_enforce_tls": ((3, 9), "postscreen_tls_security_level"),
    "postscreen_use_tls": ((3, 9), "postscreen_tls_security_level"),
    "postscreen_whitelist_interfaces": ((3, 11), "postscreen_allowlist_interfaces"),
    "smtp_cname_overrides_servername": ((3, 11), ""),
    "smtp_enforce_tls": ((3, 9), "smtp_tls_security_level"),
    "smtp_per_record_deadline": ((3, 11), "smtp_per_request_deadline"),
    "smtp_tls_enforce_peername": ((3, 11), "smtp_tls_security_level"),
    "smtp_tls_per_site": ((3, 9), "smtp_tls_policy_maps"),
    "smtp_use_tls": ((3, 9), "smtp_tls_security_level"),
    "smtpd_client_connection_limit_exceptions": ((3, 11), "smtpd_client_event_limit_exceptions"),
    "smtpd_enforce_tls": ((3, 9), "smtpd_tls_security_level"),
    "smtpd_per_record_deadline": ((3, 11), "smtpd_per_request_deadline"),
    "smtpd_tls_dh1024_param_file": ((3, 9), ""),
    "smtpd_tls_eecdh_grade": ((3, 9), ""),
    "smtpd_use_tls": ((3, 9), "smtpd_tls_security_level"),
    "tlsproxy_client_enforce_tls": ((3, 9), "tlsproxy_client_security_level"),
    "tlsproxy_client_level": ((3, 11), "tlsproxy_client_security_level"),
    "tlsproxy_client_per_site": ((3, 9), "tlsproxy_client_policy_maps"),
    "tlsproxy_client_policy": ((3, 11), "tlsproxy_client_policy_maps"),
    "tlsproxy_client_use_tls": ((3, 9), "tlsproxy_client_security_level"),
    "tlsproxy_enforce_tls": ((3, 9), "tlsproxy_tls_security_level"),
    "tlsproxy_use_tls": ((3, 9), "tlsproxy_tls_security_level"),
    "virtual_maps": ((3, 11), "virtual_alias_maps"),
}
"""Since when postconf warns about a parameter, and what to write instead; nothing: leave it out."""

# postconf(5): parameters named after a transport of master.cf, and the service time limits.
BY_SERVICE = re.compile(
    r"[a-z0-9-]+_(destination_(concurrency_(limit|negative_feedback|positive_feedback|"
    r"failed_cohort_limit)|rate_delay|recipient_limit)|initial_destination_concurrency|"
    r"recipient_(limit|refill_limit|refill_delay)|extra_recipient_limit|minimum_delivery_slots|"
    r"delivery_slot_(cost|loan|discount)|transport_rate_delay|time_limit)"
)
NEWEST: Numbers = max(ADDED)
EVER: Numbers = (3, 5)


@cache
def _since() -> dict[str, Numbers]:
    old = dict.fromkeys(OLD.split(), EVER)
    return old | {name: since for since, names in ADDED.items() for name in names.split()}


def exists(name: str) -> bool:
    """Tell whether any Postfix from 3.5 on knows a parameter."""
    return name in _since() or BY_SERVICE.fullmatch(name) is not None


def is_known(name: str, version: Numbers) -> bool:
    """Tell whether a version of Postfix knows a parameter."""
    if name not in _since():
        return BY_SERVICE.fullmatch(name) is not None
    if name in REMOVED and version >= REMOVED[name]:
        return False
    if version[:2] >= _since()[name]:
        return True
    return any(version[:2] == b[:2] and version >= b for b in BACKPORTED.get(name, ()))


def first_version(name: str) -> str:
    """Return the release that brought a parameter, with the patch releases that have it too."""
    found = [_since().get(name, EVER), *BACKPORTED.get(name, ())]
    return ", ".join(".".join(map(str, numbers)) for numbers in found)


def is_deprecated(name: str, version: Numbers) -> bool:
    """Tell whether postconf of this version warns about a parameter."""
    return name in DEPRECATED and version[:2] >= DEPRECATED[name][0]


def replacement(name: str) -> str:
    """Return what stands in place of a deprecated parameter, or an empty string."""
    return DEPRECATED[name][1]
