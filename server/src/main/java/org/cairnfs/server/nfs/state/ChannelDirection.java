package org.cairnfs.server.nfs.state;

/** Which channels a connection is bound to: channel_dir_from_client4 and channel_dir_from_server4 (RFC 8881 section 18.34). */
public enum ChannelDirection {
    FORE,
    BACK,
    BOTH
}
