package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reservations are granted whole, in order, and given back once. */
class MemoryBudgetTest {
    private final List<String> events = new ArrayList<>();
    private final MemoryBudget budget = new MemoryBudget(100, () -> events.add("relieved"));

    @Test
    void grantsAtOnceWhatFits() {
        assertThat(reserve("a", 60).isGranted()).isTrue();
        assertThat(reserve("b", 40).isGranted()).isTrue();
        assertThat(budget.used()).isEqualTo(100);
        assertThat(budget.isOver()).isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    void grantsInOrderWhenThereIsRoom() {
        MemoryBudget.Reservation first = reserve("first", 60);
        MemoryBudget.Reservation large = reserve("large", 80);
        MemoryBudget.Reservation small = reserve("small", 10);
        assertThat(budget.isWaitedFor()).isTrue();
        assertThat(small.isGranted()).as("does not overtake").isFalse();

        first.release();

        assertThat(events).containsExactly("large", "small");
        assertThat(large.isGranted()).isTrue();
        assertThat(budget.used()).isEqualTo(90);
        assertThat(budget.isWaitedFor()).isFalse();
    }

    @Test
    void oneThatGivesUpLetsThoseBehindItGoOn() {
        MemoryBudget.Reservation held = reserve("held", 60);
        MemoryBudget.Reservation large = reserve("large", 80);
        MemoryBudget.Reservation small = reserve("small", 10);

        large.release();

        assertThat(events).containsExactly("small");
        assertThat(small.isGranted()).isTrue();
        assertThat(held.isGranted()).isTrue();
    }

    @Test
    void isGivenBackOnce() {
        MemoryBudget.Reservation reservation = reserve("a", 60);
        reservation.release();
        reservation.release();

        assertThat(budget.used()).isZero();
        assertThat(reservation.isGranted()).isFalse();
    }

    @Test
    void countsWhatIsAddedInAnyCaseAndTellsWhenItIsRelieved() {
        budget.add(101);
        assertThat(budget.isOver()).isTrue();
        budget.subtract(1);
        assertThat(events).containsExactly("relieved");
        budget.subtract(100);
        assertThat(events).containsExactly("relieved");
        assertThat(budget.used()).isZero();
    }

    @Test
    void refusesWhatCouldNeverBeGranted() {
        assertThatThrownBy(() -> reserve("a", 101)).isInstanceOf(IllegalArgumentException.class);
    }

    private MemoryBudget.Reservation reserve(String name, long bytes) {
        return budget.reserve(bytes, () -> events.add(name));
    }
}
