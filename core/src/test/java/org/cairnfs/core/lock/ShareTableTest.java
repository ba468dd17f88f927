package org.cairnfs.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.lock.LockFixtures.ALICE;
import static org.cairnfs.core.lock.LockFixtures.BOB;
import static org.cairnfs.core.lock.LockFixtures.CAROL;
import static org.cairnfs.core.lock.LockFixtures.CLIENT;
import static org.cairnfs.core.lock.LockFixtures.FILE;
import static org.cairnfs.core.lock.LockFixtures.OTHER_CLIENT;
import static org.cairnfs.core.lock.LockFixtures.file;
import static org.cairnfs.core.lock.ShareTable.READ;
import static org.cairnfs.core.lock.ShareTable.WRITE;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShareTableTest {
    private static final int BOTH = READ | WRITE;
    private final ShareTable shares = new ShareTable(3, 4);

    /** The whole table of RFC 7530 section 9.9, all 3 x 4 x 3 x 4 pairs of opens. */
    @Property
    void twoOwnersConflictWhereOnesAccessMeetsTheOthersDeny(
            @ForAll @IntRange(min = 1, max = 3) int access1,
            @ForAll @IntRange(max = 3) int deny1,
            @ForAll @IntRange(min = 1, max = 3) int access2,
            @ForAll @IntRange(max = 3) int deny2)
            throws LockLimitException {
        ShareTable table = new ShareTable(10, 10);
        table.open(FILE, ALICE, access1, deny1);
        boolean conflict = (access1 & deny2) != 0 || (access2 & deny1) != 0;
        assertThat(table.open(FILE, BOB, access2, deny2).isPresent()).isEqualTo(conflict);
        assertThat(table.deniedBy(FILE, WRITE).isPresent())
                .isEqualTo((deny1 & WRITE) != 0 || (!conflict && (deny2 & WRITE) != 0));
        table.close(FILE, ALICE);
        assertThat(table.open(FILE, CAROL, access1, deny1).isPresent())
                .isEqualTo(!conflict && ((access1 & deny2) != 0 || (access2 & deny1) != 0));
    }

    @Test
    void anOwnerAddsToItsOpenAndReducesIt() throws LockLimitException {
        assertThat(shares.open(FILE, ALICE, READ, READ)).isEmpty();
        assertThat(shares.open(FILE, ALICE, BOTH, 0)).isEmpty();
        assertThat(shares.open(FILE, BOB, WRITE, WRITE)).contains(ALICE);
        shares.reduce(FILE, ALICE, READ, 0);
        assertThat(shares.open(FILE, BOB, WRITE, WRITE)).isEmpty();
        assertThat(shares.open(FILE, ALICE, WRITE, 0)).contains(BOB);
        assertThat(shares.open(FILE, CAROL, READ, 0)).isEmpty();
    }

    @Test
    void aClientAtItsLimitLeavesRoomForOthers() throws LockLimitException {
        LockOwner other = new LockOwner(new LockClient("test", 99), ALICE.owner());
        for (int i = 1; i <= 3; i++) {
            shares.open(file(i), ALICE, READ, 0);
        }
        assertThatThrownBy(() -> shares.open(file(4), BOB, READ, 0)).isInstanceOf(LockLimitException.class);
        assertThat(shares.open(file(4), other, READ, 0)).isEmpty();
        assertThat(shares.total()).isEqualTo(4);
        assertThatThrownBy(() -> shares.open(file(5), other, READ, 0)).isInstanceOf(LockLimitException.class);
    }

    @Test
    void entriesAreLimitedAndAnUpgradeNeedsNone() throws LockLimitException {
        shares.open(file(1), ALICE, READ, 0);
        shares.open(file(2), ALICE, READ, 0);
        shares.open(file(3), ALICE, READ, 0);
        assertThatThrownBy(() -> shares.open(file(4), ALICE, READ, 0)).isInstanceOf(LockLimitException.class);
        assertThat(shares.open(file(1), ALICE, WRITE, 0)).isEmpty();
        shares.close(file(2), ALICE);
        shares.close(file(2), ALICE);
        assertThat(shares.open(file(4), ALICE, READ, 0)).isEmpty();
        assertThatThrownBy(() -> shares.open(file(5), ALICE, READ, 0)).isInstanceOf(LockLimitException.class);
    }

    @Test
    void itTellsWhoWouldBeInTheWayAndChangesNothing() throws LockLimitException {
        shares.open(FILE, ALICE, READ, WRITE);
        assertThat(shares.conflict(FILE, BOB, WRITE, 0)).contains(ALICE);
        assertThat(shares.conflict(FILE, BOB, READ, 0)).isEmpty();
        assertThat(shares.conflict(FILE, ALICE, WRITE, 0)).isEmpty();
        assertThat(shares.conflict(file(8), BOB, BOTH, BOTH)).isEmpty();
        assertThat(shares.open(FILE, CAROL, READ, 0)).isEmpty();
    }

    @Test
    void itTellsWhetherOtherClientsHaveAFileOpen() throws LockLimitException {
        assertThat(shares.isOpenByOthers(FILE, BOTH, CLIENT)).isFalse();
        shares.open(FILE, ALICE, WRITE, 0);
        assertThat(shares.isOpenByOthers(FILE, BOTH, CLIENT)).isFalse();
        assertThat(shares.isOpenByOthers(FILE, WRITE, OTHER_CLIENT)).isTrue();
        assertThat(shares.isOpenByOthers(FILE, READ, OTHER_CLIENT)).isFalse();
        shares.open(FILE, CAROL, READ, 0);
        assertThat(shares.isOpenByOthers(FILE, WRITE, CLIENT)).isFalse();
        assertThat(shares.isOpenByOthers(FILE, READ, CLIENT)).isTrue();
    }
}
