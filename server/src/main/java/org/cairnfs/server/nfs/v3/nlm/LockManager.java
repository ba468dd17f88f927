package org.cairnfs.server.nfs.v3.nlm;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v3.nsm.HostMonitor;
import org.cairnfs.server.nfs.v3.nsm.HostRecord;
import org.cairnfs.server.nfs.v3.portmap.PortmapClient;

/** The lock manager as the rest of the server sees it: its program, and what others have to tell it. Thread-safe. */
public final class LockManager {
    private final NlmLocks locks;
    private final NlmProgram program;
    private final HostMonitor monitor;

    /**
     * @param monitor keeps who holds locks
     * @param hosts finds the hosts that wait for locks
     */
    public LockManager(NlmServices services, HostMonitor monitor, PortmapClient hosts, ScheduledExecutorService timer) {
        this.monitor = monitor;
        this.locks = new NlmLocks(services, new GrantCalls(hosts), timer);
        this.program = new NlmProgram(services, locks, monitor);
    }

    public NlmProgram program() {
        return program;
    }

    /** A host says that it has rebooted, now with this state: its locks go, if it had any from before. */
    public void rebooted(InetAddress address, Bytes name, int state) {
        locks.rebooted(new NlmHost.Key(address, name), state)
                .ifPresent(host -> monitor.forgetUnless(host.record(), this::isActive));
    }

    /** Forgets in stable storage the hosts that hold nothing. To be called now and then, but not in grace. */
    public void forgetIdleHosts() {
        monitor.hosts().forEach(host -> monitor.forgetUnless(host, this::isActive));
    }

    /**
     * A host that holds locks or shares, or waits for some; for people.
     *
     * @param name that it has for itself, made printable
     */
    public record Holder(InetAddress address, String name, int shares, int locks) {}

    /** All of them. */
    public List<Holder> holders() {
        return locks.held().stream()
                .map(held -> new Holder(
                        held.host().address(), NlmLock.printable(held.host().name()), held.shares(), held.locks()))
                .toList();
    }

    private boolean isActive(HostRecord host) {
        return locks.isActive(new NlmHost.Key(host.address(), host.name()));
    }
}
