"""Checks a SCIM server with scim2-tester; prints one JSON line a check. Arguments: address, token."""

import json
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

address, token = sys.argv[1:3]
http = Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30)
scim = SyncSCIMClient(http)
scim.discover()
for result in check_server(scim):
    print(json.dumps({"status": result.status.name, "title": result.title, "reason": result.reason}))
