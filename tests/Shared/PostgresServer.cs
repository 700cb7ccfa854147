using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sage.Tests;

/// <summary>
/// A PostgreSQL cluster of its own on a free loopback port, with a folder of its own, which can be stopped and started again. Without the
/// programs the test is skipped, saying how to get them; in continuous integration that is a failure.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Password = "a-password-of-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string programs;
    private readonly bool isDurable;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sage-postgres-");
    private Process? process;
    private int databases;

    private PostgresServer(string programs, bool isDurable)
    {
        this.programs = programs;
        this.isDurable = isDurable;
    }

    public int Port { get; } = FreePort();

    /// <summary>The folder with initdb and postgres, or null: <c>SAGE_POSTGRES_BIN</c>, that of Debian's package, or the PATH.</summary>
    private static string? Programs => new[] { Environment.GetEnvironmentVariable("SAGE_POSTGRES_BIN"), FromDebian(), FromPath() }
        .FirstOrDefault(directory => directory is not null && File.Exists(Path.Combine(directory, "initdb")));

    private string Data => Path.Combine(folder.FullName, "data");

    /// <summary>Starts a server. One that is not durable is faster, and may lose everything when the machine fails.</summary>
    public static async Task<PostgresServer> StartAsync(bool isDurable = false)
    {
        if (Programs is not { } programs)
        {
            const string Missing = "PostgreSQL is not installed: run 'apt-get install postgresql', or name the folder of initdb in SAGE_POSTGRES_BIN.";
            if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            {
                Assert.Fail(Missing);
            }

            Assert.Ignore(Missing);
            throw new InvalidOperationException(Missing);
        }

        PostgresServer server = new(programs, isDurable);
        await server.InitializeAsync();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>The connection string of a database of the server.</summary>
    public string ConnectionString(string database = "postgres") => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=sage;Password={Password};Database={database};Timeout=10;Maximum Pool Size=40");

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        await SqlAsync($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Starts the server upon the same folder and port, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        string[] speed = isDurable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"];
        process = Start(
            "postgres", [
                "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder.FullName}",
                "-c", "max_connections=200", .. speed,
            ]);
        long start = Stopwatch.GetTimestamp();
        while (!await TrySqlAsync("SELECT 1"))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                Assert.Fail("PostgreSQL did not start.");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Ends the server at once, as a crash does: it recovers when it is started again.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
        {
            using Process stop = Start("pg_ctl", ["stop", "-D", Data, "-m", "immediate", "-w"]);
            await stop.WaitForExitAsync();
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    /// <summary>Runs SQL by psql, as the owner of everything.</summary>
    public async Task SqlAsync(string text)
    {
        if (!await TrySqlAsync(text))
        {
            Assert.Fail($"psql failed: {text}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }

    private static string? FromDebian()
    {
        DirectoryInfo versions = new("/usr/lib/postgresql");
        return versions.Exists
            ? versions.GetDirectories().OrderByDescending(version => version.Name, StringComparer.Ordinal).Select(version => Path.Combine(version.FullName, "bin")).FirstOrDefault()
            : null;
    }

    private static string? FromPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")));

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task InitializeAsync()
    {
        string passwordFile = Path.Combine(folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root: everything belongs to the user that its package made.
            using Process chown = Process.Start("chown", ["-R", "postgres", folder.FullName]);
            await chown.WaitForExitAsync();
        }

        using Process initdb = Start(
            "initdb", ["-D", Data, "-U", "sage", "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]);
        await initdb.WaitForExitAsync();
        Assert.That(initdb.ExitCode, Is.Zero, "initdb");
    }

    private async Task<bool> TrySqlAsync(string text)
    {
        using Process psql = Start(
            "psql", ["-X", "-q", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "sage", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", text]);
        await psql.WaitForExitAsync();
        return psql.ExitCode == 0;
    }

    private Process Start(string program, string[] arguments)
    {
        string path = Path.Combine(programs, program);
        ProcessStartInfo start = Environment.UserName == "root"
            ? new("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", path, .. arguments])
            : new(path, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = folder.FullName;
        start.Environment["PGPASSWORD"] = Password;
        Process started = new() { StartInfo = start };
        started.OutputDataReceived += static (_, _) => { };
        started.ErrorDataReceived += static (_, _) => { };
        started.Start();
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return started;
    }
}
