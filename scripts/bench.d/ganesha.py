"""NFS-Ganesha as a contestant: a folder of this machine's file system (FSAL_VFS), served by NFSv4.1 on loopback."""

import os
import subprocess

from run import BenchmarkError, free_port, wait_for_port

CONFIGURATION = """
NFS_CORE_PARAM {{ NFS_Port = {port}; Bind_addr = 127.0.0.1; Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; }}
NFSV4 {{ Graceless = true; RecoveryBackend = fs; Minor_Versions = 1; Delegations = false; }}
NFS_KRB5 {{ Active_krb5 = false; }}
EXPORT_DEFAULTS {{ Access_Type = RW; Squash = No_Root_Squash; SecType = sys; Protocols = 4; Transports = TCP; }}
EXPORT {{ Export_Id = 1; Path = {plain}; Pseudo = /plain; FSAL {{ Name = VFS; }} }}
EXPORT {{ Export_Id = 2; Path = {sync}; Pseudo = /sync; FSAL {{ Name = VFS; }} }}
LOG {{ Default_Log_Level = EVENT; }}
"""


class Ganesha:
    """Two exports: a folder as it is, and one where each change is on the disk before it is answered (chattr +SD), if it can be had."""

    PROGRAM = "ganesha.nfsd"

    def __init__(self, run):
        self.run = run
        self.folder = run.folder("ganesha")
        self.plain = run.folder("ganesha", "plain")
        self.sync = run.folder("ganesha", "sync")
        done = subprocess.run(["chattr", "+SD", self.sync], stderr=subprocess.PIPE, text=True)
        self.has_sync = done.returncode == 0
        if not self.has_sync:
            run.note(f"NFS-Ganesha has no figures with sync: chattr +SD said {done.stderr.strip()}.")
        self.port = free_port()
        configuration = os.path.join(self.folder, "conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(port=self.port, plain=self.plain, sync=self.sync))
        log = os.path.join(self.folder, "log")
        self.process = run.start(
            [run.program(self.PROGRAM), "-F", "-f", configuration, "-L", log, "-p", os.path.join(self.folder, "pid")],
            os.path.join(self.folder, "out"))
        try:
            wait_for_port(self.port, self.process)
        except BenchmarkError as error:
            with open(log, encoding="utf-8") as file:
                raise BenchmarkError(f"{error}: {file.read()[-600:]}") from error

    def target(self, name, path="/plain"):
        return f"{name}=127.0.0.1:{self.port}{path},{self.process.pid}"
