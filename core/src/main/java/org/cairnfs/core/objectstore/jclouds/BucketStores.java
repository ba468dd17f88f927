package org.cairnfs.core.objectstore.jclouds;

import static org.jclouds.Constants.PROPERTY_MAX_RETRIES;
import static org.jclouds.Constants.PROPERTY_USER_AGENT;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.reflect.TypeToken;
import com.google.inject.Module;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.cairnfs.core.objectstore.ObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.ReadingObjectStore;
import org.cairnfs.core.objectstore.StorageScheme;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreOption;
import org.cairnfs.core.objectstore.StoreOptions;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.jclouds.ContextBuilder;
import org.jclouds.apis.ApiMetadata;
import org.jclouds.aws.domain.SessionCredentials;
import org.jclouds.azure.storage.config.AzureStorageProperties;
import org.jclouds.azureblob.AzureBlobApiMetadata;
import org.jclouds.azureblob.AzureBlobProviderMetadata;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.domain.Credentials;
import org.jclouds.googlecloudstorage.GoogleCloudStorageApiMetadata;
import org.jclouds.logging.config.NullLoggingModule;
import org.jclouds.openstack.keystone.catalog.config.ServiceCatalogModule;
import org.jclouds.openstack.keystone.catalog.config.ServiceCatalogModule.RegionModule;
import org.jclouds.openstack.keystone.config.KeystoneProperties;
import org.jclouds.openstack.swift.v1.SwiftApi;
import org.jclouds.openstack.swift.v1.SwiftApiMetadata;
import org.jclouds.openstack.swift.v1.config.SwiftAuthenticationModule;
import org.jclouds.openstack.swift.v1.config.SwiftTypeAdapters;
import org.jclouds.s3.S3ApiMetadata;
import org.jclouds.s3.reference.S3Constants;

/** Opens buckets: what the provider of each kind of URL needs to be told. */
public final class BucketStores {
    static {
        // Guice generates no classes: how it does that, the JDK has begun to warn of, and nothing here needs it.
        System.setProperty("guice_bytecode_gen_option", "DISABLED");
    }

    /** What jclouds needs for Swift, without its portable store. */
    private static final ImmutableSet<Class<? extends Module>> SWIFT_MODULES = ImmutableSet.of(
            SwiftAuthenticationModule.class, ServiceCatalogModule.class, RegionModule.class, SwiftTypeAdapters.class);

    private final StorageUrl url;
    private final StoreOptions options;
    private final HttpSettings http;
    private final Clock clock;

    private BucketStores(StorageUrl url, Clock clock) throws ObjectStoreException {
        this.url = url;
        this.options = url.options();
        this.http = HttpOptions.settings(url);
        this.clock = clock;
    }

    /**
     * Opens a bucket that is there.
     *
     * @param clock that requests are signed by
     * @throws ObjectStoreException of kind MISSING if it is not
     */
    public static ObjectStore open(StorageUrl url, CredentialsSource credentials, Clock clock)
            throws ObjectStoreException {
        return JcloudsObjectStore.open(url, login(url, credentials, clock));
    }

    /** Opens a bucket that is there, for who only reads: nothing is put into it. */
    public static ObjectStore openToRead(StorageUrl url, CredentialsSource credentials, Clock clock)
            throws ObjectStoreException {
        return new ReadingObjectStore(JcloudsObjectStore.openToRead(url, login(url, credentials, clock)));
    }

    /** Opens a bucket, which is made first if it is not there. */
    public static ObjectStore create(StorageUrl url, CredentialsSource credentials, Clock clock)
            throws ObjectStoreException {
        return JcloudsObjectStore.create(url, login(url, credentials, clock));
    }

    private static Login login(StorageUrl url, CredentialsSource source, Clock clock) throws ObjectStoreException {
        BucketStores stores = new BucketStores(url, clock);
        return new Login(url.place(), source, stores::blobs, clock);
    }

    private Blobs blobs(StoreCredentials credentials) throws ObjectStoreException {
        return switch (url.scheme()) {
            case LOCAL -> throw new IllegalArgumentException(url + " is no bucket");
            case S3, S3C, B2 -> s3(credentials);
            case AZURE -> azure(credentials);
            case GS ->
                new GoogleBlobs(
                        view(builder(new GoogleCloudStorageApiMetadata(), credentials), new Properties()),
                        url.bucket());
            case SWIFT -> swift(credentials);
        };
    }

    private Blobs s3(StoreCredentials credentials) throws ObjectStoreException {
        S3Endpoint endpoint = S3Endpoint.of(url, credentials, http);
        boolean pathStyle = options.isOn(
                StoreOption.PATH_STYLE,
                url.scheme() != StorageScheme.S3 || url.bucket().contains("."));
        Properties properties = new Properties();
        properties.setProperty(S3Constants.PROPERTY_S3_VIRTUAL_HOST_BUCKETS, String.valueOf(!pathStyle));
        properties.setProperty(S3Constants.PROPERTY_SIGNER_VERSION, "4");
        Map<String, String> putHeaders = new LinkedHashMap<>();
        options.get(StoreOption.STORAGE_CLASS).ifPresent(value -> putHeaders.put("x-amz-storage-class", value));
        options.get(StoreOption.SSE).ifPresent(value -> putHeaders.put("x-amz-server-side-encryption", value));
        options.get(StoreOption.SSE_KEY)
                .ifPresent(value -> putHeaders.put("x-amz-server-side-encryption-aws-kms-key-id", value));
        ContextBuilder builder = builder(new S3ApiMetadata(), credentials, new S3Module(endpoint.region(), clock))
                .endpoint(endpoint.uri());
        return new S3Blobs(view(builder, properties), url.bucket(), putHeaders);
    }

    private Blobs azure(StoreCredentials credentials) {
        Properties properties = new Properties();
        properties.putAll(AzureBlobProviderMetadata.defaultProperties());
        properties.setProperty(AzureStorageProperties.ACCOUNT, url.endpoint());
        properties.setProperty(AzureStorageProperties.TENANT_ID, "");
        String endpoint =
                options.get(StoreOption.ENDPOINT).orElse("https://" + url.endpoint() + ".blob.core.windows.net");
        ContextBuilder builder = builder(
                        new AzureBlobApiMetadata(),
                        StoreCredentials.of(url.endpoint(), credentials.password()),
                        new AzureModule(URI.create(endpoint)))
                .endpoint(endpoint);
        return new PortableBlobs(view(builder, properties), url.bucket());
    }

    private Blobs swift(StoreCredentials credentials) throws ObjectStoreException {
        String auth = options.get(StoreOption.AUTH).orElse("v1");
        String path = options.get(StoreOption.AUTH_PATH).orElse(auth.equals("v1") ? "/auth/v1.0" : "/" + auth);
        Properties properties = new Properties();
        String login = credentials.login();
        if (auth.equals("v1")) {
            properties.setProperty(KeystoneProperties.CREDENTIAL_TYPE, "tempAuthCredentials");
        } else {
            properties.setProperty(KeystoneProperties.KEYSTONE_VERSION, auth.substring(1));
            String project = options.get(StoreOption.PROJECT).orElse("");
            if (auth.equals("v3")) {
                String domain = options.get(StoreOption.DOMAIN).orElse("default");
                properties.setProperty(KeystoneProperties.SCOPE, project.isEmpty() ? "unscoped" : "project:" + project);
                properties.setProperty(KeystoneProperties.PROJECT_DOMAIN_NAME, domain);
                login = domain + ":" + login;
            } else if (!project.isEmpty()) {
                login = project + ":" + login;
            }
        }
        SwiftApi api = builder(
                        new SwiftApiMetadata()
                                .toBuilder().defaultModules(SWIFT_MODULES).build(),
                        StoreCredentials.of(login, credentials.password()),
                        new SwiftModule())
                .endpoint(HttpOptions.endpoint(url) + path)
                .overrides(withDefaults(properties))
                .buildApi(SwiftApi.class);
        try {
            Set<String> regions = api.getConfiguredRegions();
            String region = options.get(StoreOption.REGION).orElseGet(() -> Iterables.getFirst(regions, ""));
            if (!regions.contains(region)) {
                throw new ObjectStoreException(
                        Kind.PERMANENT, "the store has no region \"" + region + "\"; it has " + regions);
            }
            return new SwiftBlobs(api, region, url.bucket());
        } catch (ObjectStoreException | RuntimeException e) {
            PortableBlobs.close(api);
            throw new StoreErrors(clock).translate("sign in to " + url.place(), e);
        }
    }

    private ContextBuilder builder(ApiMetadata api, StoreCredentials credentials, Module... modules) {
        Credentials login = credentials.token().isEmpty()
                ? new Credentials(credentials.login(), credentials.password())
                : SessionCredentials.builder()
                        .accessKeyId(credentials.login())
                        .secretAccessKey(credentials.password())
                        .sessionToken(credentials.token().get())
                        .build();
        return ContextBuilder.newBuilder(api)
                .credentialsSupplier(() -> login)
                .modules(Iterables.concat(List.of(new HttpModule(http), new NullLoggingModule()), List.of(modules)));
    }

    private static BlobStoreContext view(ContextBuilder builder, Properties properties) {
        return builder.overrides(withDefaults(properties)).buildView(TypeToken.of(BlobStoreContext.class));
    }

    private static Properties withDefaults(Properties properties) {
        properties.setProperty(PROPERTY_MAX_RETRIES, "0");
        properties.setProperty(PROPERTY_USER_AGENT, "cairn");
        return properties;
    }
}
