package org.cairnfs.core.lock;

/**
 * Who holds locks on behalf of owners and can vanish as a whole: an NFSv4 client, an NLM host, the FUSE mount.
 *
 * @param adapter name of the adapter ({@code nfs4}, {@code nlm}, {@code fuse}); keeps the numbers of adapters apart
 * @param id number that the adapter gave
 */
public record LockClient(String adapter, long id) {}
