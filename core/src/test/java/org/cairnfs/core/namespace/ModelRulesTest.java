package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.junit.jupiter.api.Nested;

/** The reference model is held to the rules. */
class ModelRulesTest {
    private static FileSystem fileSystem(FakeClock clock) {
        return new ModelFileSystem(clock);
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
