"""Scans of the certificate of port 25 by sslyze: with_sslyze.py ADDRESS HOST CA COUNT."""

import sys

from sslyze import (
    ProtocolWithOpportunisticTlsEnum,
    ScanCommand,
    Scanner,
    ServerNetworkConfiguration,
    ServerNetworkLocation,
    ServerScanRequest,
)
from sslyze.scanner.models import ServerScanStatusEnum


def main(address: str, host: str, _ca: str, count: str) -> None:
    location = ServerNetworkLocation(hostname=host, port=25, ip_address=address)
    over = ServerNetworkConfiguration(
        tls_server_name_indication=host,
        tls_opportunistic_encryption=ProtocolWithOpportunisticTlsEnum.SMTP,
    )
    for _ in range(int(count)):
        scanner = Scanner()
        wanted = {ScanCommand.CERTIFICATE_INFO}
        scanner.queue_scans(
            [ServerScanRequest(location, network_configuration=over, scan_commands=wanted)]
        )
        for result in scanner.get_results():
            if result.scan_status is not ServerScanStatusEnum.COMPLETED:
                sys.exit(f"no result: {result.connectivity_error_trace}")


main(*sys.argv[1:])
