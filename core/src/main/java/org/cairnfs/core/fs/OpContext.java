package org.cairnfs.core.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request on its way through the file system: who asks, from where, and how far the journal has to be synced before
 * the answer may be called stable.
 *
 * <p>Made by the adapter for each request (an NFS COMPOUND is one), used by one thread at a time. The verbs note the
 * journal sequence of what they appended; the adapter hands {@link #journaled()} to {@link FileSystem#awaitStable} once,
 * before it answers.
 */
public final class OpContext {
    private final Credentials credentials;
    private final Origin origin;
    private long journaled;
    private PriorAttributes prior;
    private OptionalLong requiredCtime = OptionalLong.empty();
    private List<FileHandle> changing = List.of();
    private long client;
    private long top;

    public OpContext(Credentials credentials, Origin origin) {
        this.credentials = credentials;
        this.origin = origin;
    }

    public OpContext(Credentials credentials) {
        this(credentials, null);
    }

    public Credentials credentials() {
        return credentials;
    }

    public Optional<Origin> origin() {
        return Optional.ofNullable(origin);
    }

    /** Tells whose leases are not in the way of what this request changes; by default everybody's are. */
    public void setClient(long number) {
        client = number;
    }

    /** The client in whose name leases are looked at; 0 if it is not known. */
    public long client() {
        return client;
    }

    /** Tells the directory that is the caller's root, by its inode; by default that of the whole. */
    public OpContext under(long inode) {
        top = inode;
        return this;
    }

    /** The inode of the directory that is the caller's root; 0 is that of the whole. */
    public long top() {
        return top;
    }

    /** Notes that this request is about to change an inode, and has asked the leases on it. */
    public void noteChanging(FileHandle inode) {
        if (changing.isEmpty()) {
            changing = new ArrayList<>(4);
        }
        changing.add(inode);
    }

    /** What {@link #noteChanging} was told since this was last asked. */
    public List<FileHandle> takeChanging() {
        List<FileHandle> taken = changing;
        changing = List.of();
        return taken;
    }

    /** Notes that this request appended up to {@code sequence}. */
    public void noteJournaled(long sequence) {
        journaled = Math.max(journaled, sequence);
    }

    /** The highest journal sequence that this request appended; 0 if none. */
    public long journaled() {
        return journaled;
    }

    /** Has {@link FileSystem#setattr} happen only if the ctime of the file is this, looked at in the same step; else ENOTSYNC. */
    public void requireCtime(long ctime) {
        requiredCtime = OptionalLong.of(ctime);
    }

    /** What {@link #requireCtime} was told, if it was. */
    public OptionalLong requiredCtime() {
        return requiredCtime;
    }

    /** Notes what a file was like just before this request wrote to it or set its attributes: within the same step. */
    public void notePrior(PriorAttributes before) {
        prior = before;
    }

    /** What {@link FileSystem#write} or {@link FileSystem#setattr} found, if one of them changed a file. */
    public Optional<PriorAttributes> prior() {
        return Optional.ofNullable(prior);
    }
}
