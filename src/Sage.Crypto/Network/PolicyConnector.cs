using System.Net;
using System.Net.Sockets;

namespace Sage.Crypto.Internal;

/// <summary>
/// Connects to addresses that the policy allows. The name is resolved here and the very address that was checked is
/// dialled, so a second look-up cannot answer differently.
/// </summary>
internal sealed class PolicyConnector(EndpointPolicy policy)
{
    // A name with a dead address (often its IPv6 one) must not use up the time of the living one.
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(3);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
        IPAddress[] allowed = [.. addresses.Where(policy.Allows)];
        if (allowed.Length == 0)
        {
            throw new EndpointRefusedException();
        }

        foreach (IPAddress address in allowed[..^1])
        {
            using CancellationTokenSource attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            attempt.CancelAfter(AttemptLimit);
            try
            {
                return await ConnectAsync(new IPEndPoint(address, target.Port), attempt.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The next address may answer; if none does, the last one's failure is what the caller sees.
                continue;
            }
        }

        return await ConnectAsync(new IPEndPoint(allowed[^1], target.Port), cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        bool connected = false;
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            connected = true;
            return new NetworkStream(socket, ownsSocket: true);
        }
        finally
        {
            if (!connected)
            {
                socket.Dispose();
            }
        }
    }
}
