package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.state.StateRig.UID;
import static org.cairnfs.server.nfs.state.StateRig.bytes;
import static org.cairnfs.server.nfs.state.StateRig.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** Opens of two clients with two owners each on three files, at random, against a model that keeps (access, deny) pairs. */
class StateModelProperties {
    private static final int FILES = 3;

    record Step(int client, int owner, int inode, int verb, int access, int deny) {
        Key key() {
            return new Key(client, owner, inode);
        }
    }

    /** An open state: of which client, owner and file. */
    record Key(int client, int owner, int inode) {}

    record Pair(int access, int deny) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(1, FILES),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.frequencyOf(
                                Tuple.of(5, Arbitraries.just(0)),
                                Tuple.of(1, Arbitraries.integers().between(1, 3))))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    private final Map<Key, Set<Pair>> model = new HashMap<>();
    private final Map<Key, Stateid> stateids = new HashMap<>();
    private long verifier = 1;

    @Property(tries = 300)
    void opensAgreeWithTheModel(@ForAll("steps") List<Step> steps) throws Exception {
        model.clear();
        stateids.clear();
        StateRig rig = new StateRig();
        List<Client> clients = new ArrayList<>(List.of(rig.client41("0"), rig.client41("1")));
        for (Step step : steps) {
            Client client = clients.get(step.client);
            switch (step.verb) {
                case 0, 1 -> close(rig, client, step);
                case 2, 3 -> downgrade(rig, client, step);
                case 4 -> undoneOpen(rig, client, step);
                case 5 -> {
                    if (step.deny == 3) {
                        clients.set(step.client, restartClient(rig, step.client));
                    }
                }
                default -> open(rig, client, step);
            }
            check(rig, clients);
        }
    }

    private void open(StateRig rig, Client client, Step step) throws FsException {
        NfsStatus expected = conflicts(step) ? NfsStatus.SHARE_DENIED : NfsStatus.OK;
        assertThat(status(() -> stateids.put(
                        step.key(), rig.open(client, "o" + step.owner, step.inode, step.access, step.deny))))
                .isEqualTo(expected);
        if (expected == NfsStatus.OK) {
            model.computeIfAbsent(step.key(), key -> new HashSet<>()).add(new Pair(step.access, step.deny));
        }
    }

    /** An OPEN that fails after its state was granted changes nothing. */
    private void undoneOpen(StateRig rig, Client client, Step step) throws Exception {
        if (!conflicts(step)) {
            OpenRequest request = StateRig.request("o" + step.owner, step.inode, step.access, step.deny);
            OpenGrant grant = rig.files().open(client, request);
            rig.files().undo(client, request, grant);
        }
    }

    private void close(StateRig rig, Client client, Step step) throws FsException {
        Stateid stateid = stateids.getOrDefault(step.key(), new Stateid(1, 2, 3, 4));
        assertThat(status(() -> rig.files().close(Optional.of(client), stateid, file(step.inode))))
                .isEqualTo(model.containsKey(step.key()) ? NfsStatus.OK : NfsStatus.BAD_STATEID);
        model.remove(step.key());
        stateids.remove(step.key());
    }

    private void downgrade(StateRig rig, Client client, Step step) throws FsException {
        if (!model.containsKey(step.key())) {
            return;
        }
        Set<Pair> left = new HashSet<>(model.get(step.key()));
        left.removeIf(pair -> (pair.access & ~step.access) != 0 || (pair.deny & ~step.deny) != 0);
        boolean possible = access(left) == step.access && deny(left) == step.deny;
        assertThat(status(() -> stateids.put(
                        step.key(),
                        rig.files()
                                .openDowngrade(
                                        Optional.of(client),
                                        stateids.get(step.key()),
                                        file(step.inode),
                                        step.access,
                                        step.deny))))
                .isEqualTo(possible ? NfsStatus.OK : NfsStatus.INVAL);
        if (possible) {
            model.put(step.key(), left);
        }
    }

    private Client restartClient(StateRig rig, int client) throws NfsException {
        model.keySet().removeIf(key -> key.client == client);
        stateids.keySet().removeIf(key -> key.client == client);
        Client restarted = rig.clientOf(rig.session(String.valueOf(client), ++verifier));
        rig.clients().reclaimComplete(restarted, false);
        return restarted;
    }

    private void check(StateRig rig, List<Client> clients) throws NfsException {
        assertThat(rig.state.states()).isEqualTo(model.size());
        for (int inode = 1; inode <= FILES; inode++) {
            int here = inode;
            assertThat(rig.pins.of(file(inode))).isEqualTo((int)
                    model.keySet().stream().filter(key -> key.inode == here).count());
            for (int bit = 1; bit <= 2; bit++) {
                int access = bit;
                boolean denied = model.entrySet().stream()
                        .anyMatch(open -> open.getKey().inode == here && (deny(open.getValue()) & access) != 0);
                assertThat(rig.shares.deniedBy(file(inode), access).isPresent()).isEqualTo(denied);
            }
        }
        for (Map.Entry<Key, Set<Pair>> open : model.entrySet()) {
            Optional<Client> session = Optional.of(clients.get(open.getKey().client));
            boolean writes = (access(open.getValue()) & OpenRequest.WRITE) != 0;
            assertThat(statusOfWrite(rig, session, open.getKey()))
                    .isEqualTo(writes ? NfsStatus.OK : NfsStatus.OPENMODE);
        }
        assertThat(rig.files().lockTest(clients.get(0), bytes("q"), StateRig.range(1, LockMode.WRITE, 0, -1)))
                .isEmpty();
    }

    private NfsStatus statusOfWrite(StateRig rig, Optional<Client> session, Key key) {
        try {
            rig.files().checkIo(session, stateids.get(key), file(key.inode), IoKind.WRITE, UID);
            return NfsStatus.OK;
        } catch (NfsException e) {
            return e.status();
        }
    }

    private boolean conflicts(Step step) {
        return model.entrySet().stream()
                .filter(other -> other.getKey().inode == step.inode)
                .anyMatch(other ->
                        (access(other.getValue()) & step.deny) != 0 || (deny(other.getValue()) & step.access) != 0);
    }

    private static int access(Set<Pair> pairs) {
        return pairs.stream().mapToInt(Pair::access).reduce(0, (a, b) -> a | b);
    }

    private static int deny(Set<Pair> pairs) {
        return pairs.stream().mapToInt(Pair::deny).reduce(0, (a, b) -> a | b);
    }

    private interface Verb {
        Object run() throws NfsException, FsException;
    }

    private static NfsStatus status(Verb verb) throws FsException {
        try {
            verb.run();
            return NfsStatus.OK;
        } catch (NfsException e) {
            return e.status();
        }
    }
}
