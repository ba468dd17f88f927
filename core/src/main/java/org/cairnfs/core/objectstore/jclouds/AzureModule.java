package org.cairnfs.core.objectstore.jclouds;

import com.google.inject.AbstractModule;
import java.net.URI;
import org.jclouds.azure.storage.util.storageurl.StorageUrlSupplier;

/**
 * Lets the address of an Azure service have a path. jclouds puts the whole path of a request that it signs by SAS behind the
 * address once more, which goes well only if the address has none.
 */
final class AzureModule extends AbstractModule {
    private final URI root;

    /** @param endpoint perhaps with a path */
    AzureModule(URI endpoint) {
        this.root = endpoint.resolve("/");
    }

    @Override
    protected void configure() {
        bind(StorageUrlSupplier.class).toInstance(() -> root);
    }
}
