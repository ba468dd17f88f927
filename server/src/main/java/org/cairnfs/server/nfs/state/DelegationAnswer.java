package org.cairnfs.server.nfs.state;

/** Whether OPEN comes with a delegation. */
public sealed interface DelegationAnswer {
    /**
     * A read delegation.
     *
     * @param recall whether the client has to return it at once
     */
    record Granted(Stateid stateid, boolean recall) implements DelegationAnswer {}

    /** None. */
    record Refused(Reason reason) implements DelegationAnswer {}

    /** Why there is none: why_no_delegation4, as far as it is the state's to say. */
    enum Reason {
        /** Somebody writes to the file, or did a moment ago. */
        CONTENTION,
        /** The client cannot be called back, has one already, or there are too many. */
        RESOURCE
    }
}
