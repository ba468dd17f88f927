package org.cairnfs.core.objectstore;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.cairnfs.core.testkit.ObjectStoreContract;
import org.junit.jupiter.api.Nested;

/** The store in memory keeps the contract, too, alone and under every decorator: what stands on it in tests is right. */
class MemoryObjectStoreTest {
    @Nested
    class Alone extends ObjectStoreContract {
        private final MemoryObjectStore memory = new MemoryObjectStore();

        @Override
        protected ObjectStore open() {
            return memory;
        }
    }

    @Nested
    class WithoutCapabilities extends ObjectStoreContract {
        private final MemoryObjectStore memory = new MemoryObjectStore(Set.of());

        @Override
        protected ObjectStore open() {
            return memory;
        }
    }

    @Nested
    class Metered extends ObjectStoreContract {
        private final MemoryObjectStore memory = new MemoryObjectStore();

        @Override
        protected ObjectStore open() {
            return new MeteringObjectStore(memory);
        }
    }

    @Nested
    class FaultyAndRetried extends ObjectStoreContract {
        private final MemoryObjectStore memory = new MemoryObjectStore();

        @Override
        protected ObjectStore open() {
            RetryPolicy policy =
                    new RetryPolicy(100, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(1));
            return new RetryingObjectStore(
                    new FaultyObjectStore(memory, 7, Faults.errors(0.2)), policy, pause -> {}, new Random(1));
        }
    }
}
