"""Where a vault may lie: not in a folder that a program synchronises, and not on a network share.

A synchronising program copies `vault.db` and its write-ahead log at different moments and puts back older copies; locks
of network file systems do not keep two writers apart (https://www.sqlite.org/howtocorrupt.html, sections 1.2, 2.1 and
2.3). Both destroy a database without a word.

What is known about the computer comes in as `Facts`, so that the rules for all systems are tested on any of them.
"""

import ctypes
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Literal

from .errors import VaultPlaceError

Kind = Literal["local", "synced", "network"]


@dataclass(frozen=True, slots=True)
class Place:
    """What a folder is to a vault.

    Attributes:
        kind: "local" is safe; "synced" and "network" are not.
        provider: who synchronises it, or the kind of share, in words; empty when local.
        sentence: what it is, why it would damage the data, and what to do; empty when local.
    """

    kind: Kind
    provider: str = ""
    sentence: str = ""

    @property
    def safe(self) -> bool:
        """A vault may be written here."""
        return self.kind == "local"


LOCAL = Place("local")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a computer.

    Attributes:
        system: "win32", "darwin" or "linux", as in `sys.platform`.
        home: the person's own folder.
        roots: folders known to be synchronised, with who does it.
        mounts: mount points and the types of their file systems; empty on Windows.
        remote_drive: tells of a root such as "Z:\\\\" whether it is a network drive; Windows only.
        exists: tells whether there is something at a path.
    """

    system: str
    home: PurePath
    roots: Mapping[PurePath, str] = field(default_factory=dict)
    mounts: tuple[tuple[PurePath, str], ...] = ()
    remote_drive: Callable[[str], bool] = lambda _root: False
    exists: Callable[[PurePath], bool] = lambda _path: False


#: Names of folders that only a synchronising program makes, in lower case; they count anywhere in a path.
_PARTS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "shared drives": "Google Drive",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "icloudphotos": "iCloud",
    "mobile documents": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "pclouddrive": "pCloud",
    "proton drive": "Proton Drive",
    "megasync": "MEGA",
    "creative cloud files": "Adobe Creative Cloud",
    "tresors": "Tresorit",
    "spideroak hive": "SpiderOak",
    "egnyte connect": "Egnyte",
}
#: "OneDrive - Cedar Hill Clinic", "Dropbox (Cedar Hill)", "GoogleDrive-ana@example.org", "Box-Box", "Nextcloud2".
_PATTERNS = (
    (re.compile(r"onedrive( - .+|-.+)$"), "OneDrive"),
    (re.compile(r"dropbox( \(.+\)|-.+)$"), "Dropbox"),
    (re.compile(r"googledrive-.+$"), "Google Drive"),
    (re.compile(r"nextcloud\d+$"), "Nextcloud"),
    (re.compile(r"owncloud ?(\d+|- .+)$"), "ownCloud"),
)
#: Plain words that count as synchronised only directly in the person's own folder, where the programs put them.
_IN_HOME = {
    "box": "Box",
    "sync": "Sync.com",
    "mega": "MEGA",
    "pcloud": "pCloud",
    "seafile": "Seafile",
    "syncthing": "Syncthing",
    "yandex.disk": "Yandex Disk",
    "resilio sync": "Resilio Sync",
    "synologydrive": "Synology Drive",
    "creative cloud files": "Adobe Creative Cloud",
}
#: macOS keeps the folders of all newer programs here, each named "Provider-account".
_CLOUD_STORAGE = "cloudstorage"

#: Hidden files and folders that the programs leave at the top of what they synchronise. Dropbox: help.dropbox.com on
#: ".dropbox.cache"; OneDrive: seen at the top of each of its folders (answers.microsoft.com, "849C9593-D756-4E56"),
#: Google Drive for desktop: its staging folders ".tmp.driveupload" and ".tmp.drivedownload" in mirrored folders, and
#: ".shortcut-targets-by-id" in streamed ones; Nextcloud and ownCloud: "sync journal" in their client manuals;
#: Syncthing: docs.syncthing.net on ".stfolder"; Resilio Sync: its ".sync" folder holds a file "ID".
_MARKERS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".shortcut-targets-by-id": "Google Drive",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".stfolder": "Syncthing",
    ".sync/ID": "Resilio Sync",
}

#: Not in this list although remote in a sense: 9p, virtiofs and overlay, which are how containers and WSL show the
#: computer's own drive.
_NETWORK_TYPES = frozenset(
    [
        "nfs",
        "nfs3",
        "nfs4",
        "cifs",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "ncp",
        "afs",
        "afpfs",
        "auristorfs",
        "coda",
        "davfs",
        "webdav",
        "ftp",
        "glusterfs",
        "fuse.glusterfs",
        "ceph",
        "fuse.ceph",
        "lustre",
        "beegfs",
        "gpfs",
        "orangefs",
        "pvfs2",
        "ocfs2",
        "gfs2",
        "moosefs",
        "fuse.mfs",
        "fuse.juicefs",
        "fuse.sshfs",
        "sshfs",
        "macfuse.sshfs",
        "fuse.davfs",
        "fuse.smbnetfs",
        "fuse.curlftpfs",
        "fuse.gvfsd-fuse",
        "fuse.kio-fuse",
    ]
)
_CLOUD_TYPES = {
    "fuse.rclone": "a cloud drive",
    "fuse.s3fs": "a cloud drive",
    "fuse.gcsfuse": "Google Cloud Storage",
    "fuse.google-drive-ocamlfuse": "Google Drive",
    "fuse.onedriver": "OneDrive",
    "fuse.pcloudfs": "pCloud",
    "fuse.expandrive": "ExpanDrive",
}
_SAFE_PLACE = "Move it to a folder on this computer that no program synchronises, and exchange hand-over files instead."


def judge(path: PurePath, facts: Facts) -> Place:
    """Return what a folder is to a vault.

    Args:
        path: absolute, with links resolved; of the kind of `facts.system`.
        facts: about the computer.
    """
    share = _share(path, facts)
    if share:
        return _network(share)
    provider = _provider(path, facts)
    return _synced(provider) if provider else LOCAL


def _share(path: PurePath, facts: Facts) -> str:
    if facts.system == "win32":
        if path.drive.startswith("\\\\"):
            return "" if re.match(r"\\\\[?.]\\[A-Za-z]:", path.drive) else "a network share"
        return "a network drive" if path.drive and facts.remote_drive(f"{path.drive}\\") else ""
    found = [(point, kind) for point, kind in facts.mounts if path.is_relative_to(point)]
    # The last of the deepest: a later mount hides an earlier one at the same point.
    _, kind = max(enumerate(found), key=lambda at: (len(at[1][0].parts), at[0]), default=(0, (path, "")))[1]
    return "a network share" if kind.lower() in _NETWORK_TYPES else ""


def _provider(path: PurePath, facts: Facts) -> str:
    for root, provider in facts.roots.items():
        if path.is_relative_to(root):
            return provider
    for _point, kind in sorted(
        ((point, kind) for point, kind in facts.mounts if path.is_relative_to(point)), key=lambda at: len(at[0].parts)
    )[-1:]:
        if kind.lower() in _CLOUD_TYPES:
            return _CLOUD_TYPES[kind.lower()]
    return _by_name(path, facts) or _by_marker(path, facts) or _by_icloud_documents(path, facts)


def _by_name(path: PurePath, facts: Facts) -> str:
    parts = [part.lower().strip() for part in path.parts]
    for before, part in zip(["", *parts], parts, strict=False):
        if before == _CLOUD_STORAGE and "library" in parts:
            return _known(part) or path.parts[parts.index(part)].partition("-")[0]
        if known := _known(part):
            return known
    if path.is_relative_to(facts.home):
        inside = path.relative_to(facts.home).parts
        return _IN_HOME.get(inside[0].lower(), "") if inside else ""
    return ""


def _known(part: str) -> str:
    if part in _PARTS:
        return _PARTS[part]
    return next((provider for pattern, provider in _PATTERNS if pattern.match(part)), "")


def _by_marker(path: PurePath, facts: Facts) -> str:
    for folder in (path, *path.parents):
        if folder == facts.home:
            # Dropbox keeps its own settings in ~/.dropbox; and nobody synchronises a whole home folder.
            break
        for marker, provider in _MARKERS.items():
            if facts.exists(folder / marker):
                return provider
    return ""


def _by_icloud_documents(path: PurePath, facts: Facts) -> str:
    """ "Desktop & Documents Folders" of iCloud Drive leaves both where they were; only its own folder tells."""
    if facts.system != "darwin" or not path.is_relative_to(facts.home):
        return ""
    inside = path.relative_to(facts.home).parts
    if not inside or inside[0] not in ("Desktop", "Documents"):
        return ""
    cloud = facts.home / "Library" / "Mobile Documents" / "com~apple~CloudDocs" / inside[0]
    return "iCloud Drive" if facts.exists(cloud) else ""


def _synced(provider: str) -> Place:
    return Place(
        "synced",
        provider,
        f"This folder is kept in step by {provider}, which copies the vault's files while they change and can put back"
        f" older ones; that destroys records without a word. {_SAFE_PLACE}",
    )


def _network(share: str) -> Place:
    return Place(
        "network",
        share,
        f"This folder lies on {share}, where two computers can write to the vault at the same moment and a lost"
        f" connection cuts a change in half; that destroys records without a word. {_SAFE_PLACE}",
    )


def place_of(folder: Path) -> Place:
    """Return what a folder is to a vault.

    Args:
        folder: need not exist; links are followed.
    """
    return judge(Path(os.path.realpath(folder)), this_computer())


def refuse_bad_place(folder: Path) -> None:
    """Refuse a place where a vault would come to harm when it is written.

    Args:
        folder: the vault, or where it is to lie.

    Raises:
        VaultPlaceError: the folder is synchronised or on a network share.
    """
    place = place_of(folder)
    if not place.safe:
        raise VaultPlaceError(place.provider, place.sentence)


def this_computer() -> Facts:
    """Return what is known about this computer; what cannot be found out is left out."""
    home = Path(os.path.realpath(Path.home()))
    return Facts(
        system="linux" if sys.platform not in ("win32", "darwin") else sys.platform,
        home=home,
        roots=_roots(home),
        mounts=_mounts(),
        remote_drive=_is_remote,
        exists=_exists,
    )


def _exists(path: PurePath) -> bool:
    try:
        return Path(path).exists()
    except OSError:
        return False


def _roots(home: Path) -> dict[PurePath, str]:
    """Return the folders that the programs themselves name: OneDrive in the environment, Dropbox in a file."""
    found: dict[PurePath, str] = {}
    for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        if root := os.environ.get(name):
            found[Path(os.path.realpath(root))] = "OneDrive"
    # help.dropbox.com, "Locate the Dropbox folders": info.json gives "path" for "personal" and "business".
    files = [home / ".dropbox" / "info.json"]
    files += [
        Path(os.environ[name]) / "Dropbox" / "info.json" for name in ("APPDATA", "LOCALAPPDATA") if os.environ.get(name)
    ]
    for file in files:
        try:
            found |= {Path(os.path.realpath(root)): "Dropbox" for root in dropbox_roots(file.read_bytes())}
        except OSError:
            continue
    return found


def dropbox_roots(info: bytes) -> list[str]:
    """Return the folders that Dropbox's info.json names.

    Args:
        info: the file; whatever it holds, this does not fail.
    """
    try:
        accounts = json.loads(info)
    except ValueError:
        return []
    if not isinstance(accounts, dict):
        return []
    paths = [account.get("path") for account in accounts.values() if isinstance(account, dict)]
    return [path for path in paths if isinstance(path, str) and path]


def mounts_of_linux(mountinfo: str) -> tuple[tuple[PurePath, str], ...]:
    """Return mount points and types from the text of /proc/self/mountinfo (proc_pid_mountinfo(5))."""
    found = []
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if len(fields) > 4 and kinds[0]:
            point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
            found.append((PurePosixPath(point), kinds[0]))
    return tuple(found)


def mounts_of_macos(output: str) -> tuple[tuple[PurePath, str], ...]:
    """Return mount points and types from what /sbin/mount prints: "//ana@server/files on /Volumes/f (smbfs, ...)"."""
    found = re.findall(r"^.+? on (/.*) \(([^,)]+)[^()]*\)$", output, re.MULTILINE)
    return tuple((PurePosixPath(point), kind) for point, kind in found)


def _mounts() -> tuple[tuple[PurePath, str], ...]:
    try:
        if sys.platform == "darwin":
            done = subprocess.run(["/sbin/mount"], capture_output=True, timeout=5, check=False)
            return mounts_of_macos(done.stdout.decode("utf-8", "replace"))
        if sys.platform != "win32":
            return mounts_of_linux(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace"))
    except (OSError, subprocess.SubprocessError):
        pass
    return ()


def _is_remote(root: str) -> bool:
    if sys.platform == "win32":
        # DRIVE_REMOTE is 4: learn.microsoft.com, GetDriveTypeW.
        return bool(ctypes.windll.kernel32.GetDriveTypeW(root) == 4)
    return False


#: Kinds of paths for `judge`, by `Facts.system`.
PATHS: Mapping[str, type[PurePath]] = {"win32": PureWindowsPath, "darwin": PurePosixPath, "linux": PurePosixPath}
