namespace Sage.HttpSignatures.SignatureBase;

/// <summary>Where a component takes its value from: a field, or what RFC 9421 §2.2 derives from the message.</summary>
internal enum ComponentKind
{
    Field,
    Method,
    TargetUri,
    Authority,
    Scheme,
    RequestTarget,
    Path,
    Query,
    QueryParam,
    Status,
}
