package org.cairnfs.core.bucket;

/** An object of the chain: a root, or a piece of the log. Each says which object came before it, so none can go unnoticed. */
public sealed interface ChainObject permits RootObject, LogObject {
    /** The key of the object. */
    String objectKey();

    /** Its plaintext, which is also what its link is computed of. */
    byte[] encode();

    /** Its place in the chain: 1 for the first, one more for each later one. */
    long height();

    /** The link before it. */
    Link previous();
}
