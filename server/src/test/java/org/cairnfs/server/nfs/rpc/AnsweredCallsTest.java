package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AnsweredCallsTest {
    private final AnsweredCalls calls = new AnsweredCalls();
    private final List<Long> told = new ArrayList<>();
    private long newest;

    private final AnsweredCalls.Changes changes = new AnsweredCalls.Changes() {
        @Override
        public long newest() {
            return newest;
        }

        @Override
        public void answered(long change) {
            told.add(change);
        }
    };

    @Test
    void whatWasAnsweredIsToldAFewTicksLater() {
        Runnable call = calls.begin();
        newest = 7;
        call.run();
        for (int i = 0; i < 3; i++) {
            calls.tick(changes);
        }
        assertThat(told).containsExactly(7L);
    }

    @Test
    void whileACallIsOpenNothingSinceItBeganIsTold() {
        newest = 3;
        calls.tick(changes);
        Runnable open = calls.begin();
        newest = 9;
        for (int i = 0; i < 10; i++) {
            calls.begin().run();
            calls.tick(changes);
        }
        assertThat(told).allMatch(change -> change <= 3);
        open.run();
        open.run();
        for (int i = 0; i < 3; i++) {
            calls.tick(changes);
        }
        assertThat(told).endsWith(9L);
    }

    /** Nothing is told of which the call was not answered a tick before. */
    @Property
    void onlyWhatWasAnsweredIsTold(@ForAll long seed) {
        Random random = new Random(seed);
        newest = 0;
        AnsweredCalls some = new AnsweredCalls();
        Map<Long, Runnable> open = new HashMap<>(); // by the change that the call asked for
        Map<Long, Integer> answeredAt = new HashMap<>();
        int[] ticks = new int[1];
        AnsweredCalls.Changes checked = new AnsweredCalls.Changes() {
            @Override
            public long newest() {
                return newest;
            }

            @Override
            public void answered(long change) {
                for (long each = 1; each <= change; each++) {
                    assertThat(answeredAt.get(each))
                            .as("change %d", each)
                            .isNotNull()
                            .isLessThan(ticks[0]);
                }
            }
        };
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    Runnable call = some.begin();
                    open.put(++newest, call);
                }
                case 1 -> {
                    if (!open.isEmpty()) {
                        long change = new ArrayList<>(open.keySet()).get(random.nextInt(open.size()));
                        open.remove(change).run();
                        answeredAt.put(change, ticks[0]);
                    }
                }
                default -> {
                    ticks[0]++;
                    some.tick(checked);
                }
            }
        }
    }
}
