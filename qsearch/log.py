"""The one logger; silent until the application gives it a handler."""

import logging

log = logging.getLogger("qsearch")
log.addHandler(logging.NullHandler())
