package org.cairnfs.core.objectstore.jclouds;

import org.jclouds.openstack.swift.v1.config.SwiftHttpApiModule;
import org.jclouds.rest.ConfiguresHttpApi;

/** Swift, without jclouds' own repetitions: on a session that ended they wait for seconds and cannot be interrupted. */
@ConfiguresHttpApi
final class SwiftModule extends SwiftHttpApiModule {
    @Override
    protected void bindRetryHandlers() {
        // none: Login makes a new session
    }
}
