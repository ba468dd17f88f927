package org.cairnfs.core.objectstore.jclouds;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import org.jclouds.http.HttpCommandExecutorService;
import org.jclouds.http.config.ConfiguresHttpCommandExecutorService;
import org.jclouds.http.config.SSLModule;

/** Makes jclouds use our driver. */
@ConfiguresHttpCommandExecutorService
final class HttpModule extends AbstractModule {
    private final HttpSettings settings;

    HttpModule(HttpSettings settings) {
        this.settings = settings;
    }

    @Override
    protected void configure() {
        install(new SSLModule());
        bind(HttpSettings.class).toInstance(settings);
        bind(HttpCommandExecutorService.class).to(HttpDriver.class).in(Scopes.SINGLETON);
    }
}
