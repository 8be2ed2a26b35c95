# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Keystone with a user and a few projects, for tests: ``python keystone_server.py FOLDER``.

It runs in the environment that ``make`` sets up in .cache/keystone, and keeps everything in FOLDER, which must exist.
One line of JSON tells where it listens, whom it knows, and which file a service configures keystonemiddleware with. It
serves until SIGTERM or SIGINT.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

from keystoneauth1.identity.v3 import ApplicationCredential, Password
from keystoneauth1.session import Session
from keystoneclient.v3.client import Client
from waitress import create_server

REGION = "zz-keystone-1"
DEFAULT_DOMAIN = "default"

# All of it is invented.
ADMINISTRATOR = {"username": "admin", "password": "keystone-admin-password-0001", "project_name": "admin"}
SERVICE = {"username": "modelarts", "password": "keystone-service-password-0001", "project_name": "service"}
PASSWORD = "keystone-password-0001"

CONFIGURATION = """\
[DEFAULT]
use_stderr = true
[database]
# Who finds the file locked waits for so many seconds.
connection = sqlite:///{folder}/keystone.db?timeout=60
[fernet_tokens]
key_repository = {folder}/keys
[identity]
# The fewest that bcrypt can do: nobody attacks this one.
password_hash_rounds = 4
"""

SERVICE_CONFIGURATION = """\
[keystone_authtoken]
auth_type = password
auth_url = {auth_url}
www_authenticate_uri = {auth_url}
interface = public
user_domain_id = {domain}
project_domain_id = {domain}
username = {username}
password = {password}
project_name = {project_name}
# No cache: a token that was revoked is refused at once.
token_cache_time = -1
"""


def bootstrap(folder: Path, auth_url: str) -> None:
    """Configure Keystone, and make its database, its keys and the administrator."""
    configuration = folder / "keystone.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = str(configuration)
    (folder / "keys").mkdir(mode=0o700)
    for command in (
        ["db_sync"],
        ["fernet_setup", "--keystone-user", str(os.getuid()), "--keystone-group", str(os.getgid())],
        ["bootstrap", "--bootstrap-public-url", auth_url, "--bootstrap-region-id", REGION],
    ):
        subprocess.run(
            [Path(sys.executable).with_name("keystone-manage"), "--config-file", configuration, *command],
            env={**os.environ, "OS_BOOTSTRAP_PASSWORD": ADMINISTRATOR["password"]},
            stdout=sys.stderr,
            check=True,
        )


def populate(auth_url: str) -> dict[str, str]:
    """Make a user, the projects, and the user for a service; give names and ids, called as the stand-in calls them."""
    default = {"user_domain_id": DEFAULT_DOMAIN, "project_domain_id": DEFAULT_DOMAIN}
    keystone = Client(session=Session(auth=Password(auth_url=auth_url, **default, **ADMINISTRATOR)))

    domain = keystone.domains.create("KEYSTONE-DOMAIN-0001")
    user = keystone.users.create("keystone-user", domain=domain, password=PASSWORD)
    project = keystone.projects.create(REGION, domain)
    other_project = keystone.projects.create(f"{REGION}_other", domain)
    foreign_project = keystone.projects.create(f"{REGION}_foreign", domain)
    role = keystone.roles.create("modelarts-user")
    for granted in (project, other_project):
        keystone.roles.grant(role, user=user, project=granted)

    service = keystone.users.create(SERVICE["username"], domain=DEFAULT_DOMAIN, password=SERVICE["password"])
    service_project = keystone.projects.create(SERVICE["project_name"], DEFAULT_DOMAIN)
    keystone.roles.grant(keystone.roles.find(name="service"), user=service, project=service_project)
    return {
        "user_domain_name": domain.name,
        "user_domain_id": domain.id,
        "username": user.name,
        "user_id": user.id,
        "password": PASSWORD,
        "project_name": project.name,
        "project_id": project.id,
        "other_project_name": other_project.name,
        "other_project_id": other_project.id,
        "foreign_project_name": foreign_project.name,
    }


def token_that_ends_soon(auth_url: str, user_id: str, project_id: str) -> str:
    """A token that lasts for some seconds. Made here and not by the tests, which may take longer from step to step."""
    user = Session(auth=Password(auth_url=auth_url, user_id=user_id, password=PASSWORD, project_id=project_id))
    # Tokens do not outlive the credential that they are obtained with.
    end = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(seconds=10)
    credential = Client(session=user).application_credentials.create("ends-soon", expires_at=end, user=user_id)
    obtain = ApplicationCredential(
        auth_url=auth_url, application_credential_id=credential.id, application_credential_secret=credential.secret
    )
    token: str = Session(auth=obtain).get_token()
    return token


def main() -> int:
    folder = Path(sys.argv.pop()).resolve()  # Keystone looks for arguments of its own.
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_arguments: stopped.set())

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        auth_url = f"{url}/v3"
        bootstrap(folder, auth_url)
        # It reads its configuration while it is imported.
        from keystone.server.wsgi import initialize_public_application

        server = create_server(initialize_public_application(), sockets=[listener])
        threading.Thread(target=server.run, daemon=True).start()
        account = populate(auth_url)
        service_configuration = folder / "service.conf"
        service_configuration.write_text(
            SERVICE_CONFIGURATION.format(auth_url=auth_url, domain=DEFAULT_DOMAIN, **SERVICE), encoding="utf-8"
        )
        line = {
            "url": url,
            "auth_url": auth_url,
            "region": REGION,
            "pid": os.getpid(),
            "account": account,
            "administrator": {**ADMINISTRATOR, "user_domain_id": DEFAULT_DOMAIN},
            "service_configuration": str(service_configuration),
            "token_that_ends_soon": token_that_ends_soon(auth_url, account["user_id"], account["project_id"]),
        }
        print(json.dumps(line), flush=True)
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
