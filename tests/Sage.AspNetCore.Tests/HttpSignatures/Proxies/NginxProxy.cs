using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sage.AspNetCore.Tests.HttpSignatures.Proxies;

/// <summary>
/// nginx on loopback: ends TLS, calls the application from 127.0.0.2 so that it can be told from everybody else, and takes
/// the prefix <c>/api</c> away, once with the rest of the target as it was sent and once (<c>/clean</c>) rewritten by nginx.
/// </summary>
internal sealed class NginxProxy : IDisposable
{
    /// <summary>Where the proxy calls from.</summary>
    public static readonly IPAddress Address = IPAddress.Parse("127.0.0.2");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo folder;
    private readonly Process process;
    private readonly byte[] certificate;

    private NginxProxy(DirectoryInfo folder, Process process, int port, byte[] certificate)
    {
        this.folder = folder;
        this.process = process;
        this.certificate = certificate;
        Url = new Uri($"https://127.0.0.1:{port}/");
    }

    public Uri Url { get; }

    public static async Task<NginxProxy> StartAsync(Uri application)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-nginx-");
        byte[] certificate = WriteCertificate(folder.FullName);
        int port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nginx.conf"), Configuration(folder.FullName, port, application.Authority));
        ProcessStartInfo start = new(Program(), ["-p", folder.FullName, "-c", "nginx.conf", "-e", "error.log"]);
        NginxProxy proxy = new(folder, Process.Start(start)!, port, certificate);
        try
        {
            await proxy.WaitAsync(port);
            return proxy;
        }
        catch
        {
            proxy.Dispose();
            throw;
        }
    }

    /// <summary>A handler that knows the certificate of the proxy and no other.</summary>
    public SocketsHttpHandler Connect() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null && presented.GetRawCertData().AsSpan().IndexOf(certificate) == 0,
        },
    };

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Program() =>
        new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("nginx is needed to test behind a proxy: apt-get install -y --no-install-recommends nginx-light");

    private static byte[] WriteCertificate(string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return made.RawData;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configuration(string folder, int port, string application) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        master_process off;
        pid nginx.pid;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          proxy_http_version 1.1;

          # A map, because what "if" captures is decoded.
          map $request_uri $rest { ~^/api(?<sent>/.*)$ $sent; }

          proxy_bind {{Address}};
          server {
            listen 127.0.0.1:{{port}} ssl http2;
            ssl_certificate cert.pem;
            ssl_certificate_key key.pem;
            location / {
              proxy_pass http://{{application}};
              proxy_set_header Host {{application}};
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
              proxy_set_header X-Forwarded-Prefix "";
            }
            location /api/ {
              proxy_pass http://{{application}}$rest;
              proxy_set_header Host {{application}};
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
              proxy_set_header X-Forwarded-Prefix /api;
            }
            location /clean/ {
              proxy_pass http://{{application}}/;
              proxy_set_header Host {{application}};
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
              proxy_set_header X-Forwarded-Prefix /clean;
            }
          }
        }
        """);

    private async Task WaitAsync(int port)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("nginx did not start: " + await File.ReadAllTextAsync(Path.Combine(folder.FullName, "error.log")));
            }

            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }

        throw new TimeoutException("nginx did not listen in time.");
    }
}
