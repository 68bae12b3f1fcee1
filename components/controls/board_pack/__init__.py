"""The Board pack page: can I take it away?"""

from components.controls.board_pack.downloads import downloads
from components.controls.board_pack.looks import headline, pack

__all__ = ["downloads", "headline", "pack"]
