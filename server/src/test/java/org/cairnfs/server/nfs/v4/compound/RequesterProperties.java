package org.cairnfs.server.nfs.v4.compound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** By what a request is known again. */
class RequesterProperties {
    /** A later request in the slot of an earlier one says that the earlier was answered. */
    @Property
    void requestsInFlightTogetherHaveSlotsOfTheirOwn(@ForAll int xid, @ForAll boolean firstByteCounts) {
        assertThat(IntStream.range(0, 1024)
                        .map(i -> firstByteCounts ? Integer.reverseBytes(Integer.reverseBytes(xid) + i) : xid + i)
                        .mapToLong(Requester::slotOf))
                .doesNotHaveDuplicates();
    }
}
