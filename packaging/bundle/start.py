"""Where the bundled program begins."""

import sys

from otoco_desktop.__main__ import main

sys.exit(main())
