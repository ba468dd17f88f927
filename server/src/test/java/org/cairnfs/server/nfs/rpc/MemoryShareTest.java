package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two who have 60 of 100 each. */
class MemoryShareTest {
    private final List<String> events = new ArrayList<>();
    private final MemoryBudget whole = new MemoryBudget(100, () -> events.add("whole relieved"));
    private final MemoryShare greedy = new MemoryShare(whole, 60, () -> events.add("share relieved"));
    private final MemoryShare modest = new MemoryShare(whole, 60, () -> {});

    private MemoryShare.Reservation reserve(MemoryShare from, String name, long bytes) {
        return from.reserve(bytes, () -> events.add(name));
    }

    @Test
    void whoWaitsForItsOwnShareKeepsNobodyElseWaiting() {
        MemoryShare.Reservation held = reserve(greedy, "held", 60);
        MemoryShare.Reservation late = reserve(greedy, "late", 30);
        assertThat(held.isGranted()).isTrue();
        assertThat(late.isGranted()).isFalse();
        assertThat(whole.isWaitedFor()).isFalse();

        assertThat(reserve(modest, "modest", 40).isGranted()).isTrue();
        assertThat(whole.used()).isEqualTo(100);

        held.release();
        assertThat(events).containsExactly("late");
        assertThat(late.isGranted()).isTrue();
        assertThat(whole.used()).isEqualTo(70);
        assertThat(greedy.used()).isEqualTo(30);
    }

    @Test
    void whatTheShareGrantsWaitsForTheWhole() {
        MemoryShare.Reservation held = reserve(modest, "held", 60);
        MemoryShare.Reservation late = reserve(greedy, "late", 50);
        assertThat(late.isGranted()).isFalse();
        assertThat(whole.isWaitedFor()).isTrue();

        held.release();
        assertThat(events).containsExactly("late");
        assertThat(late.isGranted()).isTrue();
        assertThat(modest.used()).isZero();
        assertThat(whole.used()).isEqualTo(50);
    }

    /** First its neighbour goes, then somebody else. */
    @Test
    void bothMayBeWaitedForOneAfterTheOther() {
        MemoryShare.Reservation other = reserve(modest, "other", 50);
        MemoryShare.Reservation neighbour = reserve(greedy, "neighbour", 20);
        MemoryShare.Reservation late = reserve(greedy, "late", 60);
        neighbour.release();
        assertThat(late.isGranted()).isFalse();
        assertThat(events).isEmpty();
        other.release();
        assertThat(events).containsExactly("late");
        late.release();
        assertThat(whole.used()).isZero();
        assertThat(greedy.used()).isZero();
    }

    @Test
    void oneThatGivesUpAtEitherStepLeavesNothingBehind() {
        MemoryShare.Reservation held = reserve(greedy, "held", 60);
        MemoryShare.Reservation ofShare = reserve(greedy, "of share", 10);
        MemoryShare.Reservation ofWhole = reserve(modest, "of whole", 50);
        ofShare.release();
        ofShare.release();
        ofWhole.release();
        held.release();
        held.release();
        assertThat(events).isEmpty();
        assertThat(whole.used()).isZero();
        assertThat(greedy.used()).isZero();
        assertThat(modest.used()).isZero();
        assertThat(reserve(greedy, "next", 60).isGranted()).isTrue();
    }

    @Test
    void whatIsAddedCountsForBoth() {
        greedy.add(61);
        assertThat(greedy.isOver()).isTrue();
        assertThat(greedy.isOwnOver()).isTrue();
        assertThat(modest.isOver()).isFalse();
        modest.add(40);
        assertThat(modest.isOver()).as("the whole is used up").isTrue();
        assertThat(modest.isOwnOver()).isFalse();
        greedy.subtract(1);
        assertThat(events).containsExactlyInAnyOrder("share relieved", "whole relieved");
        greedy.subtract(60);
        modest.subtract(40);
        assertThat(whole.used()).isZero();
    }
}
