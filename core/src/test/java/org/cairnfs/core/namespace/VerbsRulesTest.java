package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.Nested;

/** The verbs, over metadata and contents in memory, are held to the rules. */
class VerbsRulesTest {
    private static FileSystem fileSystem(FakeClock clock) {
        return VerbsSubject.inMemory(clock).fileSystem();
    }

    @Nested
    class Names extends NameRules {
        @Override
        FileSystem make(FakeClock clock) {
            return fileSystem(clock);
        }
    }

    @Nested
    class Permissions extends PermissionRules {
        @Override
        FileSystem make(FakeClock clock) {
            return fileSystem(clock);
        }
    }

    @Nested
    class Attributes extends AttributeRules {
        @Override
        FileSystem make(FakeClock clock) {
            return fileSystem(clock);
        }
    }
}
