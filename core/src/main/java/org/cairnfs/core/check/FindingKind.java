package org.cairnfs.core.check;

import java.util.Locale;

/**
 * The kinds of damage that {@link Fsck} knows, each with what a repair does about it. Their names are part of what scripts read: they never
 * change their meaning.
 */
public enum FindingKind {
    ROOT("the root directory is missing, or is none", "it is made anew"),
    INODE("an inode has a value that its type cannot have", "the value is put right"),
    LINKS("a link count is not the number of names", "it is counted"),
    UNREACHABLE("an inode has no name, and is not being removed", "it gets a name in lost+found"),
    LOOP("directories are below themselves", "one of them is moved to lost+found"),
    PLACE("a directory does not know where it is", "it is told"),
    SECOND_NAME("a directory has several names", "all but one are removed"),
    NAME("a name leads nowhere, or is in no directory", "it is removed"),
    COOKIE("a name's place in listings is not its own", "it gets another"),
    DIRECTORY("counts of a directory are wrong", "its names are counted"),
    XATTRS("the number of extended attributes is wrong", "they are counted"),
    LEFTOVER("a row belongs to an inode, lock or quota that is not there", "it is deleted"),
    ORPHAN("an inode counts as removed, and has names", "it counts as removed no more"),
    TRASH("the trash keeps what has names, or twice, or says so of what it does not keep", "it is taken out of it"),
    QUOTA("an inode counts for another quota than its directory", "it counts for that of its directory"),
    USAGE("what is counted of files and bytes is wrong", "it is corrected"),
    CONTENT("the number of files that share a content is wrong", "it is counted"),
    UNOWNED("extents belong to no file", "they are freed"),
    EXTENT("an extent is impossible, or overlaps another", "it is cut to what the one before leaves"),
    BEYOND_END("an extent is behind the end of its file", "it is cut"),
    USED("what a file uses is counted wrong", "it is counted"),
    NO_CHUNK("an extent refers to data that is not there", "reading it fails from now on, and says so"),
    CHUNK_LIFE("a chunk counts as garbage and is in use, or the other way round", "it counts as what it is"),
    CHUNK_TWICE("two chunks have equal contents, and both may be referred to", "one of them may not any more"),
    CHUNK_PLACE("a chunk lies in no pack, or where it cannot lie", "nothing new refers to it"),
    PACK("the bytes in use of a pack are counted wrong", "they are corrected"),
    OBJECT("the object of a pack is missing in the bucket, or too short", "nothing new refers to its chunks"),
    IMAGE("an image of before that no snapshot sees, or that overlaps another", "it is forgotten"),
    SNAPSHOT("a snapshot's row is impossible", "it is put right"),
    COUNTER("a number may be given out twice", "the counter is raised"),
    LOCK("an inode in a locked tree is not locked", "it is locked"),
    RESTORE_POINT("the root of a restore point is missing in the bucket", "it counts as none any more"),
    JOURNAL("the journal was cut behind what is still needed", "nothing; make a copy of the state directory");

    private final String meaning;
    private final String repair;

    FindingKind(String meaning, String repair) {
        this.meaning = meaning;
        this.repair = repair;
    }

    /** What it is called: lower case, with hyphens. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is wrong, in a sentence. */
    public String meaning() {
        return meaning;
    }

    /** What a repair does about it. */
    public String repair() {
        return repair;
    }
}
