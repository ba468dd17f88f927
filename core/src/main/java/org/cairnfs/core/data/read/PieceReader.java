package org.cairnfs.core.data.read;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.Journal.PayloadRef;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;

/** Fetches the bytes of pieces, from the journal or from chunks. Thread-safe. */
public final class PieceReader {
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 20).asReadOnlyBuffer();

    private final Journal journal;
    private final ChunkSource chunks;
    private final Optional<JournaledBlocks> blocks;

    /** For who reads each byte once, as a flush does: what comes from the journal is not kept. */
    public PieceReader(Journal journal, ChunkSource chunks) {
        this(journal, chunks, Optional.empty());
    }

    /** @param blocks keep what comes from the journal, for those who read it again before it is stored */
    public PieceReader(Journal journal, ChunkSource chunks, JournaledBlocks blocks) {
        this(journal, chunks, Optional.of(blocks));
    }

    private PieceReader(Journal journal, ChunkSource chunks, Optional<JournaledBlocks> blocks) {
        this.journal = journal;
        this.chunks = chunks;
        this.blocks = blocks;
    }

    /** Says that these pieces are read next, in this order. */
    public void willRead(List<Piece> pieces) {
        if (pieces.size() > 1) {
            chunks.willRead(pieces.stream()
                    .filter(Piece.Stored.class::isInstance)
                    .map(piece -> ((Piece.Stored) piece).chunk())
                    .toList());
        }
    }

    /**
     * A part of a piece, as one buffer that may be a view of what is cached. It may be shorter than asked for, but not empty: zeros, and
     * blocks of the journal that are kept, come in portions.
     *
     * @param skip bytes of the piece to leave out
     * @param length bytes wanted, positive, within the piece
     */
    public ByteBuffer read(Piece piece, long skip, int length) throws FsException {
        if (piece instanceof Piece.Journaled journaled) {
            return journaled(journaled.payload(), journaled.payloadOffset() + (int) skip, length);
        }
        if (piece instanceof Piece.Stored stored) {
            return chunks.chunk(stored.chunk()).slice(stored.chunkOffset() + (int) skip, length);
        }
        return ZEROS.slice(0, Math.min(length, ZEROS.capacity()));
    }

    private ByteBuffer journaled(PayloadRef payload, int offset, int length) throws FsException {
        if (blocks.isEmpty()) {
            return fromJournal(payload, offset, length);
        }
        int block = offset / Journal.PAYLOAD_BLOCK;
        int begin = block * Journal.PAYLOAD_BLOCK;
        Optional<ByteBuffer> kept = blocks.get().get(payload, block);
        ByteBuffer plain;
        if (kept.isPresent()) {
            plain = kept.get();
        } else {
            int size = Math.min(Journal.PAYLOAD_BLOCK, payload.length() - begin);
            if (!blocks.get().hasRoom(size)) {
                return fromJournal(payload, offset, length);
            }
            plain = fromJournal(payload, begin, size).asReadOnlyBuffer();
            blocks.get().put(payload, block, plain);
        }
        int skip = offset - begin;
        return plain.slice(skip, Math.min(length, plain.capacity() - skip));
    }

    private ByteBuffer fromJournal(PayloadRef payload, int offset, int length) throws FsException {
        ByteBuffer target = ByteBuffer.allocate(length);
        try {
            journal.readPayload(payload, offset, target);
        } catch (JournalFailedException | JournalCorruptException e) {
            throw new FsException(Errno.EIO, "cannot read back what was written: " + e.getMessage(), e);
        }
        return target.flip();
    }
}
