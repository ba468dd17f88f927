package org.cairnfs.core.lock;

/**
 * A lock that stands in the way, as LOCKT, NLM_TEST and F_GETLK report it.
 *
 * @param owner who holds it
 * @param range its whole range
 * @param mode its mode
 */
public record LockConflict(LockOwner owner, LockRange range, LockMode mode) {}
