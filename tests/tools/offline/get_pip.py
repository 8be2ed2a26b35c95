# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install pip from the configured package index, with the pip that Python ships.

Takes the place of the get-pip script that ansible-test downloads. See README.md.
"""

import ensurepip
import glob
import os
import runpy
import sys
import sysconfig

FOLDERS = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"), sysconfig.get_config_var("WHEEL_PKG_DIR")]
WHEELS = [wheel for folder in FOLDERS if folder for wheel in glob.glob(os.path.join(folder, "pip-*.whl"))]
UNKNOWN_TO_PIP = ("--no-setuptools", "--no-wheel")

if __name__ == "__main__":
    sys.path.insert(0, WHEELS[0])
    sys.argv[1:] = ["install"] + [argument for argument in sys.argv[1:] if argument not in UNKNOWN_TO_PIP]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
