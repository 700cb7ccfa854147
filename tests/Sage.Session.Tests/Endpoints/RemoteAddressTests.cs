namespace Sage.Session.Tests.Endpoints;

public sealed class RemoteAddressTests
{
    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("::ffff:192.0.2.7", "192.0.2.7")]
    [TestCase("2001:db8:1:2::3", "20010db800010002")]
    [TestCase("2001:db8:1:2:ffff::3", "20010db800010002")]
    [TestCase("2001:db8:1:3::3", "20010db800010003")]
    [TestCase("pipe", "pipe")]
    public void Rate_limits_count_an_ipv6_network_as_one_caller(string address, string key) =>
        Assert.That(RemoteAddress.RateKey(address), Is.EqualTo(key));
}
