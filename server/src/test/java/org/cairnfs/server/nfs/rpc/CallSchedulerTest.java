package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.server.nfs.rpc.CallScheduler.Group;
import org.cairnfs.server.nfs.rpc.CallScheduler.Lane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns between lanes, suspension, and threads that outlive what tasks throw. */
class CallSchedulerTest {
    private final BlockingQueue<Object> done = new LinkedBlockingQueue<>();
    private final AtomicBoolean suspended = new AtomicBoolean();
    private final AtomicInteger parked = new AtomicInteger();
    private final CallScheduler scheduler = new CallScheduler(1, suspended::get, done::add, parked::incrementAndGet);
    private final AtomicBoolean groupSuspended = new AtomicBoolean();
    private final Group group = new Group(groupSuspended::get);
    private final Lane greedy = new Lane(group);
    private final Lane modest = new Lane(new Group(() -> false));

    @AfterEach
    void stop() throws InterruptedException {
        scheduler.stop(10_000);
    }

    @Test
    void takesTurnsBetweenLanes() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            String name = "greedy" + i;
            assertThat(scheduler.submit(greedy, () -> done.add(name))).isTrue();
        }
        assertThat(scheduler.submit(modest, () -> done.add("modest"))).isTrue();
        scheduler.start();

        assertThat(take(5)).containsExactly("greedy0", "modest", "greedy1", "greedy2", "greedy3");
    }

    @Test
    void beginsNothingWhileSuspended() throws InterruptedException {
        suspended.set(true);
        scheduler.start();
        assertThat(scheduler.submit(greedy, () -> done.add("task"))).isTrue();
        scheduler.wakeUp();
        assertThat(done).isEmpty();

        suspended.set(false);
        scheduler.wakeUp();
        assertThat(take(1)).containsExactly("task");
    }

    @Test
    void beginsNothingOfASuspendedGroupAndEverythingAfterwards() throws InterruptedException {
        groupSuspended.set(true);
        Lane sibling = new Lane(group);
        for (int i = 0; i < 3; i++) {
            String name = "task" + i;
            assertThat(scheduler.submit(i < 2 ? greedy : sibling, () -> done.add(name)))
                    .isTrue();
        }
        assertThat(scheduler.submit(modest, () -> done.add("modest"))).isTrue();
        scheduler.start();
        assertThat(take(1)).containsExactly("modest");
        assertThat(parked).hasValue(2);
        scheduler.wakeUp(group);
        assertThat(scheduler.submit(modest, () -> done.add("modest"))).isTrue();
        assertThat(take(1)).as("still suspended").containsExactly("modest");
        assertThat(parked).hasValue(4);

        groupSuspended.set(false);
        scheduler.wakeUp(group);
        assertThat(take(3)).containsExactly("task0", "task2", "task1");
    }

    @Test
    void outlivesWhatTasksThrow() throws InterruptedException {
        scheduler.start();
        Error error = new OutOfMemoryError("as the test wants it");
        assertThat(scheduler.submit(greedy, () -> {
                    throw error;
                }))
                .isTrue();
        assertThat(scheduler.submit(greedy, () -> done.add("next"))).isTrue();

        assertThat(take(2)).containsExactly(error, "next");
    }

    @Test
    void dropsTasksOnceStopped() throws InterruptedException {
        scheduler.start();
        CountDownLatch running = new CountDownLatch(1);
        assertThat(scheduler.submit(greedy, () -> {
                    running.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        done.add("interrupted");
                    }
                }))
                .isTrue();
        assertThat(scheduler.submit(greedy, () -> done.add("never"))).isTrue();
        running.await();

        scheduler.stop(60_000);

        assertThat(scheduler.submit(modest, () -> done.add("never"))).isFalse();
        assertThat(done).containsExactly("interrupted");
    }

    private List<Object> take(int count) throws InterruptedException {
        List<Object> taken = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(done.poll(60, TimeUnit.SECONDS));
        }
        return taken;
    }
}
