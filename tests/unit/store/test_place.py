"""Where a vault may lie: the rules for all systems, on any of them."""

from pathlib import Path, PurePath

import pytest

from mips_desk.store import Vault, VaultError, place
from mips_desk.store.errors import VaultPlaceError
from mips_desk.store.place import PATHS, Facts, judge

from .conftest import PASSPHRASE, Clock, create, reopen

HOMES = {"win32": "C:\\Users\\ana", "darwin": "/Users/ana", "linux": "/home/ana"}
W, M, L = "win32", "darwin", "linux"


def facts(system: str, exists: tuple[str, ...] = (), **known: object) -> Facts:
    kind = PATHS[system]
    there = {kind(each) for each in exists}
    return Facts(system, kind(HOMES[system]), exists=there.__contains__, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("system", "path", "kind", "provider"),
    [
        (W, "C:\\Users\\ana\\Documents\\Cedar.mipsvault", "local", ""),
        (W, "C:\\Users\\ana\\AppData\\Local\\MIPS Desk\\Practices\\Cedar.mipsvault", "local", ""),
        (W, "D:\\Practices\\Cedar.mipsvault", "local", ""),
        (W, "\\\\?\\C:\\Practices\\Cedar.mipsvault", "local", ""),
        (W, "C:\\Sync Reports\\Cedar.mipsvault", "local", ""),
        (W, "C:\\Box\\Cedar.mipsvault", "local", ""),
        (W, "C:\\Users\\ana\\OneDriveway\\Cedar.mipsvault", "local", ""),
        (W, "C:\\Users\\ana\\Dropbox.mipsvault", "local", ""),
        (W, "C:\\Users\\ana\\OneDrive\\Cedar.mipsvault", "synced", "OneDrive"),
        (W, "C:\\Users\\ana\\ONEDRIVE\\Desktop\\Cedar.mipsvault", "synced", "OneDrive"),
        (W, "C:\\Users\\ana\\OneDrive - Cedar Hill Clinic\\Documents\\Cedar.mipsvault", "synced", "OneDrive"),
        (W, "D:\\Data\\OneDrive - Org\\Cedar.mipsvault", "synced", "OneDrive"),
        (W, "C:\\Users\\ana\\Dropbox\\Cedar.mipsvault", "synced", "Dropbox"),
        (W, "C:\\Users\\ana\\Dropbox (Cedar Hill)\\Cedar.mipsvault", "synced", "Dropbox"),
        (W, "C:\\Users\\ana\\Google Drive\\Cedar.mipsvault", "synced", "Google Drive"),
        (W, "G:\\My Drive\\Cedar.mipsvault", "synced", "Google Drive"),
        (W, "G:\\Shared drives\\Office\\Cedar.mipsvault", "synced", "Google Drive"),
        (W, "C:\\Users\\ana\\iCloudDrive\\Cedar.mipsvault", "synced", "iCloud Drive"),
        (W, "C:\\Users\\ana\\iCloud Drive\\Cedar.mipsvault", "synced", "iCloud Drive"),
        (W, "C:\\Users\\ana\\Box\\Cedar.mipsvault", "synced", "Box"),
        (W, "C:\\Users\\ana\\Box Sync\\Cedar.mipsvault", "synced", "Box"),
        (W, "C:\\Users\\ana\\Nextcloud\\Cedar.mipsvault", "synced", "Nextcloud"),
        (W, "C:\\Users\\ana\\Proton Drive\\ana\\Cedar.mipsvault", "synced", "Proton Drive"),
        (W, "C:\\Users\\ana\\MEGA\\Cedar.mipsvault", "synced", "MEGA"),
        (W, "\\\\server\\office\\Cedar.mipsvault", "network", "a network share"),
        (W, "\\\\192.168.1.5\\office\\OneDrive\\Cedar.mipsvault", "network", "a network share"),
        (W, "\\\\?\\UNC\\server\\office\\Cedar.mipsvault", "network", "a network share"),
        (W, "\\\\wsl.localhost\\Debian\\home\\ana\\Cedar.mipsvault", "network", "a network share"),
        (M, "/Users/ana/Practices/Cedar.mipsvault", "local", ""),
        (M, "/Users/ana/Documents/Cedar.mipsvault", "local", ""),
        (M, "/Users/ana/Library/Application Support/MIPS Desk/Practices/Cedar.mipsvault", "local", ""),
        (M, "/Volumes/USB/Cedar.mipsvault", "local", ""),
        (M, "/Users/ana/Library/Mobile Documents/com~apple~CloudDocs/Cedar.mipsvault", "synced", "iCloud Drive"),
        (M, "/Users/ana/Library/CloudStorage/OneDrive-CedarHill/Cedar.mipsvault", "synced", "OneDrive"),
        (M, "/Users/ana/Library/CloudStorage/GoogleDrive-ana@example.org/C.mipsvault", "synced", "Google Drive"),
        (M, "/Users/ana/Library/CloudStorage/Dropbox/Cedar.mipsvault", "synced", "Dropbox"),
        (M, "/Users/ana/Library/CloudStorage/Box-Box/Cedar.mipsvault", "synced", "Box"),
        (M, "/Users/ana/Library/CloudStorage/Egnyte-office/Cedar.mipsvault", "synced", "Egnyte"),
        (M, "/Users/ana/Dropbox/Cedar.mipsvault", "synced", "Dropbox"),
        (M, "/Users/ana/OneDrive/Cedar.mipsvault", "synced", "OneDrive"),
        (M, "/Volumes/GoogleDrive/My Drive/Cedar.mipsvault", "synced", "Google Drive"),
        (L, "/home/ana/Practices/Cedar.mipsvault", "local", ""),
        (L, "/home/ana/Syncs/Cedar.mipsvault", "local", ""),
        (L, "/srv/box/Cedar.mipsvault", "local", ""),
        (L, "/home/ana/Dropbox/Cedar.mipsvault", "synced", "Dropbox"),
        (L, "/home/ana/Nextcloud2/Cedar.mipsvault", "synced", "Nextcloud"),
        (L, "/home/ana/ownCloud/Cedar.mipsvault", "synced", "ownCloud"),
        (L, "/home/ana/Seafile/Cedar.mipsvault", "synced", "Seafile"),
    ],
)  # fmt: skip
def test_names(system: str, path: str, kind: str, provider: str) -> None:
    found = judge(PATHS[system](path), facts(system))
    assert (found.kind, found.provider) == (kind, provider)
    assert found.safe == (kind == "local") == (not found.sentence)


@pytest.mark.parametrize(
    ("system", "marker", "provider"),
    [
        (W, "D:\\Office\\.dropbox", "Dropbox"),
        (W, "D:\\Office\\.dropbox.cache", "Dropbox"),
        (W, "D:\\Office\\.849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
        (M, "/Volumes/Data/Office/.tmp.drivedownload", "Google Drive"),
        (M, "/Volumes/Data/Office/.tmp.driveupload", "Google Drive"),
        (W, "D:\\Office\\.shortcut-targets-by-id", "Google Drive"),
        (L, "/data/Office/.nextcloudsync.log", "Nextcloud"),
        (L, "/data/Office/.owncloudsync.log", "ownCloud"),
        (L, "/data/Office/.stfolder", "Syncthing"),
        (L, "/data/Office/.sync/ID", "Resilio Sync"),
    ],
)
def test_marker_files_of_parents(system: str, marker: str, provider: str) -> None:
    top = PATHS[system](marker.replace("/ID", "")).parent
    known = facts(system, (marker,))
    assert judge(top / "2025" / "Cedar.mipsvault", known).provider == provider
    assert judge(top.parent / "Other" / "Cedar.mipsvault", known).safe


def test_dropbox_keeps_its_settings_in_the_home_folder() -> None:
    assert judge(PurePath("/home/ana/Practices/C.mipsvault"), facts(L, ("/home/ana/.dropbox",))).safe


def test_documents_that_icloud_keeps_are_told_by_its_own_folder() -> None:
    path = PATHS[M]("/Users/ana/Documents/Cedar.mipsvault")
    kept = facts(M, ("/Users/ana/Library/Mobile Documents/com~apple~CloudDocs/Documents",))
    assert judge(path, facts(M)).safe
    assert judge(path, kept).provider == "iCloud Drive"
    assert judge(PATHS[M]("/Users/ana/Practices/Cedar.mipsvault"), kept).safe


def test_folders_that_the_programs_name_themselves() -> None:
    known = facts(W, roots={PATHS[W]("D:\\Cloud"): "OneDrive"})
    assert judge(PATHS[W]("D:\\cloud\\Cedar.mipsvault"), known).provider == "OneDrive"
    assert judge(PATHS[W]("D:\\Clouds\\Cedar.mipsvault"), known).safe


def test_a_mapped_network_drive() -> None:
    known = facts(W, remote_drive=lambda root: root == "Z:\\")
    assert judge(PATHS[W]("Z:\\Cedar.mipsvault"), known).kind == "network"
    assert judge(PATHS[W]("C:\\Cedar.mipsvault"), known).safe


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        *((each, "local") for each in ("ext4", "btrfs", "xfs", "tmpfs", "overlay", "9p", "virtiofs", "fuseblk")),
        *((each, "local") for each in ("exfat", "fuse.gocryptfs", "apfs", "zfs", "vfat")),
        *((each, "network") for each in ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "davfs", "fuse.sshfs", "ceph")),
        *((each, "network") for each in ("glusterfs", "lustre", "afpfs", "webdav", "fuse.gvfsd-fuse")),
        *((each, "synced") for each in ("fuse.rclone", "fuse.onedriver", "fuse.s3fs")),
    ],
)  # fmt: skip
def test_types_of_file_systems(kind: str, expected: str) -> None:
    mounts = ((PurePath("/"), "ext4"), (PurePath("/mnt/office"), kind))
    known = facts(L, mounts=mounts)
    assert judge(PurePath("/mnt/office/a/Cedar.mipsvault"), known).kind == expected
    assert judge(PurePath("/mnt/officer/Cedar.mipsvault"), known).safe


def test_the_deepest_and_last_mount_counts() -> None:
    pairs = [("/", "nfs"), ("/home", "ext4"), ("/m", "cifs"), ("/m", "xfs")]
    mounts = tuple((PurePath(point), kind) for point, kind in pairs)
    known = facts(L, mounts=mounts)
    assert not judge(PurePath("/srv/C.mipsvault"), known).safe
    assert judge(PurePath("/home/ana/C.mipsvault"), known).safe
    assert judge(PurePath("/m/C.mipsvault"), known).safe


def test_mountinfo_is_read_as_the_kernel_writes_it() -> None:
    text = (
        "22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n"
        "90 22 0:45 / /mnt/our\\040office rw shared:50 master:2 - cifs //server/our\\040office rw,vers=3.1.1\n"
        "nonsense\n"
    )
    assert place.mounts_of_linux(text) == ((PurePath("/"), "ext4"), (PurePath("/mnt/our office"), "cifs"))


def test_mounts_are_read_as_macos_prints_them() -> None:
    text = (
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\n"
        "//ana@server/our files on /Volumes/our files (1) (smbfs, nodev, nosuid, mounted by ana)\n"
        "map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)\n"
    )
    assert place.mounts_of_macos(text)[:2] == ((PurePath("/"), "apfs"), (PurePath("/Volumes/our files (1)"), "smbfs"))


@pytest.mark.parametrize(
    ("info", "roots"),
    [
        (b'{"personal": {"path": "/home/ana/Cloud", "host": 1}, "business": {"path": "/data/Work"}}', 2),
        (b'{"personal": {"path": 5}, "business": []}', 0),
        (b"[]", 0),
        (b"\xff{", 0),
        (b"", 0),
    ],
)
def test_dropbox_info(info: bytes, roots: int) -> None:
    assert len(place.dropbox_roots(info)) == roots


@pytest.fixture
def synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the computer says OneDrive keeps."""
    folder = tmp_path / "Office"
    folder.mkdir()
    monkeypatch.setenv("OneDrive", str(folder))
    return folder


def test_no_vault_is_made_in_a_synced_folder(synced: Path, clock: Clock) -> None:
    with pytest.raises(VaultPlaceError, match="kept in step by OneDrive") as caught:
        create(synced / "Cedar.mipsvault", clock)
    assert caught.value.provider == "OneDrive"
    assert not list(synced.iterdir())


def test_a_vault_in_a_synced_folder_is_only_read(vault: Vault, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDrive", str(vault.folder.parent))
    before = len(vault.journal())
    with pytest.raises(VaultPlaceError):
        reopen(vault, clock)
    with reopen(vault, clock, read_only=True) as reading:
        assert len(reading.journal()) == before
        assert reading.check() == []


def test_a_link_into_a_synced_folder_is_no_way_round(synced: Path, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "Local").symlink_to(synced, target_is_directory=True)
    with pytest.raises(VaultPlaceError):
        create(tmp_path / "Local" / "Cedar.mipsvault", clock)


def test_the_folder_of_the_tests_is_a_good_place(tmp_path: Path, clock: Clock) -> None:
    assert place.place_of(tmp_path).safe
    create(tmp_path / "Cedar.mipsvault", clock).close()
    with pytest.raises(VaultError):
        Vault.open(tmp_path / "Cedar.mipsvault", PASSPHRASE + "x", now=clock)
