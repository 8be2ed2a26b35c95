# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options for the connection and the login."""

from __future__ import annotations


class ModuleDocFragment:
    # The options themselves, in modules and plugins alike.
    DOCUMENTATION = r"""
options:
  endpoint:
    description:
      - The address of ModelArts, for example V(https://modelarts.eu-de.otc.t-systems.com).
      - A trailing V(/), version such as V(/v1), or version and project such as V(/v1/{project_id}) is ignored.
      - By default, the entry for O(region) in the token's catalog is used if you log in with O(password) or
        O(agency_name). If there is none, the address is derived from O(auth_url) by replacing V(iam) with
        V(modelarts).
      - A value from the environment is ignored if the task names a O(cloud), or another O(auth_url) or O(region) than
        the environment.
      - If not set, the value of the environment variable E(MODELARTS_ENDPOINT) is used.
    type: str
  region:
    description:
      - The region to query, for example V(eu-de). Required only if the token's catalog lists several regions.
      - It selects the entry of the catalog. Where O(endpoint) is derived from O(auth_url), it must be the region of
        O(auth_url), and is inserted if O(auth_url) has none.
      - If not set, the value of the environment variables E(OS_REGION_NAME) or E(HW_REGION_NAME) is used.
    type: str
  auth_url:
    description:
      - The address of IAM, with or without V(/v3), for example V(https://iam.eu-de.otc.t-systems.com/v3).
      - If not set, the value of the environment variables E(OS_AUTH_URL) or E(HW_AUTH_URL) is used.
    type: str
  project_id:
    description:
      - The ID of the project to query. Either this or O(project_name) is required.
      - If not set, the value of the environment variables E(OS_PROJECT_ID), E(OS_TENANT_ID), E(HW_PROJECT_ID) or
        E(HUAWEICLOUD_SDK_PROJECT_ID) is used.
    type: str
  project_name:
    description:
      - The name of the project to query, for example V(eu-de).
      - With O(password) or O(agency_name), the token is scoped to it. With O(token) or O(access_key), its ID is
        looked up at O(auth_url), for which the user needs permission to list projects in IAM. The task fails if no
        project or more than one has this name.
      - Ignored if O(project_id) is set.
      - If not set, the value of the environment variables E(OS_PROJECT_NAME), E(OS_TENANT_NAME) or E(HW_PROJECT_NAME)
        is used.
    type: str
  token:
    description:
      - A token that is scoped to the project.
      - If several logins are set, the first one is used in the order O(token), O(access_key), O(password), O(cloud).
        A login in the task or in a variable takes precedence over one in the environment.
      - If not set, the value of the environment variables E(OS_TOKEN), E(OS_AUTH_TOKEN) or E(HW_AUTH_TOKEN) is used.
    type: str
  username:
    description:
      - The name of the user to log in with O(password). Requires O(user_domain_name) or O(user_domain_id).
      - If not set, the value of the environment variables E(OS_USERNAME) or E(HW_USER_NAME) is used.
    type: str
  user_id:
    description:
      - The ID of the user to log in with O(password). Takes precedence over O(username).
      - Some clouds accept O(passcode) only with this.
      - If not set, the value of the environment variables E(OS_USER_ID) or E(HW_USER_ID) is used.
    type: str
  password:
    description:
      - The password of the user, for which IAM at O(auth_url) issues a token.
      - A login that is refused is not retried, because IAM locks users out.
      - If not set, the value of the environment variables E(OS_PASSWORD) or E(HW_USER_PASSWORD) is used.
    type: str
  passcode:
    description:
      - The one-time code of the user's authenticator, if the user has multi-factor authentication. Put it in quotes,
        because YAML may read a code that begins with V(0) as another number.
      - A code works once, so it is sent once, and the token that it was exchanged for is not renewed. For a task on
        many hosts or in a loop, log in once and pass on O(token).
      - If not set, the value of the environment variable E(OS_PASSCODE) is used.
    type: str
  user_domain_name:
    description:
      - The name of the domain (the account) that the user belongs to.
      - If not set, the value of the environment variables E(OS_USER_DOMAIN_NAME), E(OS_DOMAIN_NAME) or
        E(HW_DOMAIN_NAME) is used.
    type: str
  user_domain_id:
    description:
      - The ID of the domain (the account) that the user belongs to. Takes precedence over O(user_domain_name).
      - If not set, the value of the environment variables E(OS_USER_DOMAIN_ID), E(OS_DOMAIN_ID), E(HW_DOMAIN_ID) or
        E(HUAWEICLOUD_SDK_DOMAIN_ID) is used.
    type: str
  access_key:
    description:
      - The access key ID (AK). Requests are signed with it and O(secret_key), without a token.
      - If not set, the value of the environment variables E(OS_ACCESS_KEY), E(HW_ACCESS_KEY) or E(HUAWEICLOUD_SDK_AK)
        is used.
    type: str
  secret_key:
    description:
      - The secret access key (SK) of O(access_key). It is never sent.
      - If not set, the value of the environment variables E(OS_SECRET_KEY), E(HW_SECRET_KEY) or E(HUAWEICLOUD_SDK_SK)
        is used.
    type: str
  security_token:
    description:
      - The security token of a temporary O(access_key).
      - If not set, the value of the environment variables E(OS_SECURITY_TOKEN), E(HW_SECURITY_TOKEN) or
        E(HUAWEICLOUD_SDK_SECURITY_TOKEN) is used.
    type: str
  agency_name:
    description:
      - The name of an agency by which another account delegates its project to your account. Requires
        O(agency_domain_name).
      - After the login, IAM at O(auth_url) issues a token of the agency, which is sent to ModelArts. The user needs
        the permission Agent Operator.
      - O(project_id) and O(project_name) are those of the other account.
      - An agency of the environment is assumed with any login, also with that of the task.
      - If not set, the value of the environment variables E(OS_AGENCY_NAME) or E(HW_ASSUME_ROLE_AGENCY_NAME) is used.
    type: str
  agency_domain_name:
    description:
      - The name of the domain (the account) that created the agency O(agency_name).
      - If not set, the value of the environment variables E(OS_AGENCY_DOMAIN_NAME) or E(HW_ASSUME_ROLE_DOMAIN_NAME)
        is used.
    type: str
  cloud:
    description:
      - The name of a cloud in C(clouds.yaml), which is read with the Python library C(openstacksdk), including
        C(secure.yaml) and profiles.
      - Options of the task take precedence over the cloud, and the cloud over the environment.
      - A login in the task beside a cloud in the environment has to be complete. For example, O(password) alone is
        not combined with that cloud.
      - C(auth_type) can be V(password), V(v3password), V(v3multifactor), V(token) or V(v3token). With C(ak) and
        C(sk), beside or below C(auth), requests are signed. C(modelarts_endpoint_override) sets O(endpoint), unless
        O(auth_url) is given beside O(cloud), or O(region) is not the C(region_name) of the cloud.
      - The file is the one that the environment variable C(OS_CLIENT_CONFIG_FILE) names, or else C(clouds.yaml) in
        the current folder, C(~/.config/openstack) or C(/etc/openstack).
      - If C(OS_CLIENT_CONFIG_FILE) is set and there is no login, the only cloud of that file is used.
      - If not set, the value of the environment variable E(OS_CLOUD) is used.
    type: str
  validate_certs:
    description:
      - Whether to verify the TLS certificates of the cloud. By default they are verified, unless one of the
        environment variables E(OS_INSECURE) or E(HW_INSECURE) is true, or O(cloud) has C(verify) false.
    type: bool
  ca_path:
    description:
      - A file or a folder with the certificates of the authorities to trust, instead of the default ones.
      - If not set, the value of the environment variable E(OS_CACERT) is used.
    type: path
  timeout:
    description:
      - Maximum number of seconds for one request, from the name lookup of the host to the end of the response.
      - A request that times out is not retried.
    type: int
    default: 30
  retries:
    description:
      - Number of retries after a connection error or a response with the HTTP status 429, 502, 503 or 504, and 500 if
        the request only reads.
      - The pauses between them double, with jitter. The header C(Retry-After) is obeyed up to 60 seconds; if the
        service demands a longer pause, the task fails.
    type: int
    default: 4
  allow_http:
    description:
      - Whether to allow plain V(http) to another machine, which sends credentials unencrypted.
      - Plain V(http) to the machine itself (loopback) is always allowed.
    type: bool
    default: false
requirements:
  - requests
  - openstacksdk, if O(cloud) is used
notes:
  - Empty strings for these options and empty environment variables count as not set.
  - The proxy settings of the environment (E(HTTPS_PROXY), E(NO_PROXY)) are obeyed. Redirects are not followed.
"""

    # Where a plugin takes the options from, beside its keywords.
    PLUGIN = r"""
options:
  endpoint:
    env:
      - name: MODELARTS_ENDPOINT
    ini:
      - section: modelarts
        key: endpoint
    vars:
      - name: modelarts_endpoint
  region:
    env:
      - name: OS_REGION_NAME
      - name: HW_REGION_NAME
    ini:
      - section: modelarts
        key: region
    vars:
      - name: modelarts_region
  auth_url:
    env:
      - name: OS_AUTH_URL
      - name: HW_AUTH_URL
    ini:
      - section: modelarts
        key: auth_url
    vars:
      - name: modelarts_auth_url
  project_id:
    env:
      - name: OS_PROJECT_ID
      - name: OS_TENANT_ID
      - name: HW_PROJECT_ID
      - name: HUAWEICLOUD_SDK_PROJECT_ID
    ini:
      - section: modelarts
        key: project_id
    vars:
      - name: modelarts_project_id
  project_name:
    env:
      - name: OS_PROJECT_NAME
      - name: OS_TENANT_NAME
      - name: HW_PROJECT_NAME
    ini:
      - section: modelarts
        key: project_name
    vars:
      - name: modelarts_project_name
  token:
    env:
      - name: OS_TOKEN
      - name: OS_AUTH_TOKEN
      - name: HW_AUTH_TOKEN
    vars:
      - name: modelarts_token
  username:
    env:
      - name: OS_USERNAME
      - name: HW_USER_NAME
    ini:
      - section: modelarts
        key: username
    vars:
      - name: modelarts_username
  user_id:
    env:
      - name: OS_USER_ID
      - name: HW_USER_ID
    ini:
      - section: modelarts
        key: user_id
    vars:
      - name: modelarts_user_id
  password:
    env:
      - name: OS_PASSWORD
      - name: HW_USER_PASSWORD
    vars:
      - name: modelarts_password
  passcode:
    env:
      - name: OS_PASSCODE
    vars:
      - name: modelarts_passcode
  user_domain_name:
    env:
      - name: OS_USER_DOMAIN_NAME
      - name: OS_DOMAIN_NAME
      - name: HW_DOMAIN_NAME
    ini:
      - section: modelarts
        key: user_domain_name
    vars:
      - name: modelarts_user_domain_name
  user_domain_id:
    env:
      - name: OS_USER_DOMAIN_ID
      - name: OS_DOMAIN_ID
      - name: HW_DOMAIN_ID
      - name: HUAWEICLOUD_SDK_DOMAIN_ID
    ini:
      - section: modelarts
        key: user_domain_id
    vars:
      - name: modelarts_user_domain_id
  access_key:
    env:
      - name: OS_ACCESS_KEY
      - name: HW_ACCESS_KEY
      - name: HUAWEICLOUD_SDK_AK
    ini:
      - section: modelarts
        key: access_key
    vars:
      - name: modelarts_access_key
  secret_key:
    env:
      - name: OS_SECRET_KEY
      - name: HW_SECRET_KEY
      - name: HUAWEICLOUD_SDK_SK
    vars:
      - name: modelarts_secret_key
  security_token:
    env:
      - name: OS_SECURITY_TOKEN
      - name: HW_SECURITY_TOKEN
      - name: HUAWEICLOUD_SDK_SECURITY_TOKEN
    vars:
      - name: modelarts_security_token
  agency_name:
    env:
      - name: OS_AGENCY_NAME
      - name: HW_ASSUME_ROLE_AGENCY_NAME
    ini:
      - section: modelarts
        key: agency_name
    vars:
      - name: modelarts_agency_name
  agency_domain_name:
    env:
      - name: OS_AGENCY_DOMAIN_NAME
      - name: HW_ASSUME_ROLE_DOMAIN_NAME
    ini:
      - section: modelarts
        key: agency_domain_name
    vars:
      - name: modelarts_agency_domain_name
  cloud:
    env:
      - name: OS_CLOUD
    ini:
      - section: modelarts
        key: cloud
    vars:
      - name: modelarts_cloud
  validate_certs:
    env:
      - name: OS_INSECURE
      - name: HW_INSECURE
    ini:
      - section: modelarts
        key: validate_certs
    vars:
      - name: modelarts_validate_certs
  ca_path:
    env:
      - name: OS_CACERT
    ini:
      - section: modelarts
        key: ca_path
    vars:
      - name: modelarts_ca_path
  timeout:
    ini:
      - section: modelarts
        key: timeout
    vars:
      - name: modelarts_timeout
  retries:
    ini:
      - section: modelarts
        key: retries
    vars:
      - name: modelarts_retries
  allow_http:
    ini:
      - section: modelarts
        key: allow_http
    vars:
      - name: modelarts_allow_http
"""
