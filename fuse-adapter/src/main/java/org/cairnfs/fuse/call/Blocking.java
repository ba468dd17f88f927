package org.cairnfs.fuse.call;

/** Told by a thread that is about to wait for long, so that another one may serve callers in its place. */
public interface Blocking {
    /** Of those who need no replacement. */
    Blocking UNNOTICED = new Blocking() {
        @Override
        public void begin() {
            // Nobody serves in its place.
        }

        @Override
        public void end() {
            // Nobody served in its place.
        }
    };

    void begin();

    void end();
}
