namespace Sage.Session;

/// <summary>What a cookie is bound to.</summary>
internal readonly record struct CookieSubject(string Initiator, string Responder, string Context, string RemoteAddress);
