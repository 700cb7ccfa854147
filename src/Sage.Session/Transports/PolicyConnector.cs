using System.Net;
using System.Net.Sockets;

namespace Sage.Session;

/// <summary>
/// Connects to addresses that the policy allows. The name is resolved here and the very address that was checked is
/// dialled, so a second look-up cannot answer differently.
/// </summary>
internal sealed class PolicyConnector(EndpointPolicy policy)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
        SocketException? failure = null;
        bool allowed = false;
        foreach (IPAddress address in addresses.Where(policy.Allows))
        {
            allowed = true;
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            bool kept = false;
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken).ConfigureAwait(false);
                kept = true;
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
            finally
            {
                if (!kept)
                {
                    socket.Dispose();
                }
            }
        }

        throw allowed ? failure! : Refused();
    }

    public static SessionException Refused() => new(
        SessionError.EndpointRefused,
        "The endpoint is not an https URL on a public address. For tests and agents on one machine, set AllowLoopback and AllowHttp of EndpointPolicy.");
}
