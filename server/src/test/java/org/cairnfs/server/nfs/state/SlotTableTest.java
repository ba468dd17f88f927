package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.assertStatus;
import static org.cairnfs.server.nfs.state.StateRig.bytes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.Test;

/** The slot table and reply cache of RFC 8881 section 2.10.6. */
class SlotTableTest {
    private final StateRig rig = new StateRig();
    private final SessionId session;

    SlotTableTest() throws NfsException {
        session = rig.session("x", 1);
    }

    private SequenceResult send(int sequence, long slot, boolean cache, long fingerprint) throws NfsException {
        return rig.clients()
                .sequence(
                        new SequenceRequest(session, sequence, slot, slot, cache, rig.connection, 200, 3, fingerprint));
    }

    private static SlotTurn executed(SequenceResult result) {
        assertThat(result).isInstanceOf(SequenceResult.Execute.class);
        return ((SequenceResult.Execute) result).turn();
    }

    private static Bytes longReply(int length) {
        return Bytes.ofTrusted(new byte[length]);
    }

    @Test
    void sequenceTellsTheSlotsThereAre() throws NfsException {
        SlotTurn turn = executed(send(1, 2, true, 42));
        assertThat(turn.sequence()).isEqualTo(new SequenceReply(session, 1, 2, 3, 3, 0));
        assertThat(turn.maxResponse()).isEqualTo(1 << 16);
        assertThat(turn.maxResponseCached()).isEqualTo(2048);
        assertThat(turn.cacheThis()).isTrue();
    }

    @Test
    void aResendGetsTheKeptReply() throws NfsException {
        executed(send(1, 0, true, 42)).complete(longReply(2048));
        assertThat(send(1, 0, true, 42)).isEqualTo(new SequenceResult.Replay(longReply(2048)));
        executed(send(2, 0, true, 42)).complete(bytes("next"));
        assertThat(send(2, 0, true, 42)).isEqualTo(new SequenceResult.Replay(bytes("next")));
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> send(1, 0, true, 42));
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> send(4, 0, true, 42));
    }

    @Test
    void aReplyThatWasNotToBeKeptIsNot() throws NfsException {
        executed(send(1, 0, false, 42)).complete(longReply(513));
        assertThat(send(1, 0, false, 42)).isInstanceOf(SequenceResult.ReplayUncached.class);
        executed(send(2, 0, false, 42)).complete(longReply(512));
        assertThat(send(2, 0, false, 42)).isInstanceOf(SequenceResult.Replay.class);
        executed(send(3, 0, true, 42)).complete(longReply(2049));
        assertThat(send(3, 0, true, 42))
                .isEqualTo(new SequenceResult.ReplayUncached(new SequenceReply(session, 3, 0, 3, 3, 0)));
    }

    @Test
    void aTurnThatBrokeOffLeavesNoReply() throws NfsException {
        SlotTurn turn = executed(send(1, 0, true, 42));
        turn.close();
        turn.complete(bytes("after its end"));
        assertThat(send(1, 0, true, 42)).isInstanceOf(SequenceResult.ReplayUncached.class);
        executed(send(2, 0, true, 42)).close();
    }

    @Test
    void whatIsInWorkIsNotDoneTwice() throws NfsException {
        SlotTurn turn = executed(send(1, 0, true, 42));
        assertStatus(NfsStatus.DELAY, () -> send(1, 0, true, 42));
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> send(2, 0, true, 42));
        executed(send(1, 1, true, 42)).close();
        turn.complete(bytes("done"));
        assertThat(send(1, 0, true, 42)).isEqualTo(new SequenceResult.Replay(bytes("done")));
    }

    @Test
    void anotherRequestUnderAnOldNumberIsFound() throws NfsException {
        executed(send(1, 0, true, 42)).complete(bytes("done"));
        assertStatus(NfsStatus.SEQ_FALSE_RETRY, () -> send(1, 0, true, 43));
    }

    @Test
    void aFreshSlotStartsAtOne() throws NfsException {
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> send(0, 0, true, 42));
        assertStatus(NfsStatus.SEQ_MISORDERED, () -> send(2, 0, true, 42));
        executed(send(1, 0, true, 42)).close();
    }

    @Test
    void limitsOfTheChannel() throws NfsException {
        assertStatus(NfsStatus.BADSLOT, () -> send(1, 4, true, 42));
        assertStatus(NfsStatus.BADSLOT, () -> send(1, 0xffff_ffffL, true, 42));
        assertStatus(
                NfsStatus.BAD_HIGH_SLOT,
                () -> rig.clients().sequence(new SequenceRequest(session, 1, 0, 4, true, rig.connection, 200, 3, 42)));
        assertStatus(
                NfsStatus.TOO_MANY_OPS,
                () -> rig.clients().sequence(new SequenceRequest(session, 1, 0, 0, true, rig.connection, 200, 17, 42)));
        assertStatus(
                NfsStatus.REQ_TOO_BIG,
                () -> rig.clients()
                        .sequence(new SequenceRequest(session, 1, 0, 0, true, rig.connection, (1 << 16) + 1, 3, 42)));
        executed(send(1, 0, true, 42)).close();
    }

    record Step(int slot, int ahead, boolean cache, boolean completes) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(-2, 2),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }

    /** Exactly once: of each (slot, sequence), one execution, and every resend gets the reply of that one. */
    @Property
    void everyNumberIsExecutedOnce(@ForAll("steps") List<Step> steps) throws NfsException {
        SessionId fresh = new StateRigSession().open();
        Map<Integer, Integer> last = new HashMap<>();
        Map<Integer, Bytes> kept = new HashMap<>();
        for (Step step : steps) {
            int sequence = last.getOrDefault(step.slot, 0) + step.ahead;
            SequenceRequest request =
                    new SequenceRequest(fresh, sequence, step.slot, 3, step.cache, rig.connection, 200, 3, sequence);
            if (step.ahead == 1) {
                SlotTurn turn = executed(rig.clients().sequence(request));
                Bytes reply = longReply(600 + sequence);
                if (step.completes) {
                    turn.complete(reply);
                }
                turn.close();
                last.put(step.slot, sequence);
                kept.put(step.slot, step.cache && step.completes ? reply : null);
            } else if (step.ahead == 0 && last.containsKey(step.slot)) {
                SequenceResult result = rig.clients().sequence(request);
                if (kept.get(step.slot) != null) {
                    assertThat(result).isEqualTo(new SequenceResult.Replay(kept.get(step.slot)));
                } else {
                    assertThat(result).isInstanceOf(SequenceResult.ReplayUncached.class);
                }
            } else {
                assertStatus(NfsStatus.SEQ_MISORDERED, () -> rig.clients().sequence(request));
            }
        }
        rig.clients().destroySession(fresh, null);
    }

    /** One more session of the rig's client. */
    private final class StateRigSession {
        SessionId open() throws NfsException {
            ExchangeIdResult exchanged = rig.exchangeId("x", 1, StateRig.ROOT, 0);
            return rig.clients()
                    .createSession(rig.sessionRequest(exchanged, StateRig.ROOT))
                    .session();
        }
    }
}
