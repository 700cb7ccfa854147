namespace Sage.Fuzz;

/// <summary>An input showed that something which must hold does not.</summary>
internal sealed class OracleException(string message) : Exception(message);
