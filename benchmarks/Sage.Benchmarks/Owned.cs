namespace Sage.Benchmarks;

/// <summary>Several things to dispose together.</summary>
internal sealed class Owned(params IDisposable[] things) : IDisposable
{
    public void Dispose()
    {
        foreach (IDisposable thing in things)
        {
            thing.Dispose();
        }
    }
}
