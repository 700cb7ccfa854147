using System.Buffers.Binary;
using System.Collections.Concurrent;
using Sage.Crypto;
using Sage.Session;

namespace Sage.AgentHost.Tests.TwoNodes;

/// <summary>
/// Stands for the load balancer before the nodes and notes what passes: each envelope goes to the next node that is not known to be
/// down, and every twentieth record to both nodes at once.
/// </summary>
internal sealed class Nodes(params NodeProcess[] nodes) : ISessionTransport, IDisposable
{
    private const int Doubled = 20;

    private readonly HttpSessionTransport http = new(new EndpointPolicy { AllowLoopback = true, AllowHttp = true });
    private readonly ConcurrentDictionary<NodeProcess, bool> down = new();
    private readonly ConcurrentDictionary<(string Context, ulong Number), int> replies = new();
    private int turn;
    private int acceptedTwice;

    /// <summary>How many records were accepted by both nodes.</summary>
    public int AcceptedTwice => acceptedTwice;

    /// <summary>How many numbers of a session's replies were seen on more than one reply.</summary>
    public int NumbersReused => replies.Count(reply => reply.Value > 1);

    public int Replies => replies.Count;

    /// <summary>The initiation that was sent last.</summary>
    public WireMessage? LastInitiation { get; private set; }

    public static ulong NumberOf(WireResponse reply) => BinaryPrimitives.ReadUInt64BigEndian(reply.Data.Span);

    /// <summary>Sends there again what was not sent since it broke off.</summary>
    public void Join(NodeProcess node) => down.TryRemove(node, out _);

    public async ValueTask<WireResponse> SendAsync(Uri baseUrl, WireMessage message, CancellationToken cancellationToken = default)
    {
        int mine = Interlocked.Increment(ref turn);
        NodeProcess[] up = [.. nodes.Where(node => !down.ContainsKey(node))];
        if (message.TaskId is not null)
        {
            LastInitiation = message;
        }
        else if (mine % Doubled == 0)
        {
            return await SendToAllAsync(up, message, cancellationToken);
        }

        return await SendToAsync(up[mine % up.Length], message, cancellationToken);
    }

    /// <summary>Sends an envelope to one node.</summary>
    public async Task<WireResponse> SendToAsync(NodeProcess node, WireMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            WireResponse answer = await http.SendAsync(node.Address, message, cancellationToken);
            if (answer.Success && message.TaskId is null)
            {
                replies.AddOrUpdate((message.ContextId!, NumberOf(answer)), 1, static (_, count) => count + 1);
            }

            return answer;
        }
        catch (SessionException exception) when (exception.Error == SessionError.Unreachable)
        {
            down[node] = true;
            throw;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<WireResponse> SendToAllAsync(NodeProcess[] all, WireMessage message, CancellationToken cancellationToken)
    {
        Task<WireResponse>[] sent = [.. all.Select(node => SendToAsync(node, message, cancellationToken))];
        await ((Task)Task.WhenAll(sent)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task<WireResponse>[] accepted = [.. sent.Where(task => task.IsCompletedSuccessfully && task.Result.Success)];
        if (accepted.Length > 1)
        {
            Interlocked.Increment(ref acceptedTwice);
        }

        return await (accepted.FirstOrDefault() ?? sent[0]);
    }
}
