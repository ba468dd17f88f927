/**
 * ONC RPC (RFC 5531) over TCP, guarded against hostile peers.
 *
 * <p>The way of a call: Grizzly's selector thread reads bytes and hands them to {@link
 * org.cairnfs.server.nfs.rpc.RpcFilter}; the connection's {@link org.cairnfs.server.nfs.rpc.RecordAssembler} puts
 * records together; {@link org.cairnfs.server.nfs.rpc.CallHeader} and an {@link
 * org.cairnfs.server.nfs.rpc.RpcAuthenticator} check what the call claims against what is there; {@link
 * org.cairnfs.server.nfs.rpc.CallScheduler} runs its {@link org.cairnfs.server.nfs.rpc.RpcProgram} on a bounded worker
 * pool, fairly between connections; and the reply goes out by Grizzly's write queue. {@link
 * org.cairnfs.server.nfs.rpc.MemoryBudget} and the rules of {@link org.cairnfs.server.nfs.rpc.RpcLimits} keep
 * the memory of all of it within bounds, and {@link org.cairnfs.server.nfs.rpc.Patience} ends what does not move.
 */
package org.cairnfs.server.nfs.rpc;
