using System.Text;
using Webhook.Admission;

namespace Webhook.Tests.Admission;

public sealed class AdmissionReviewTests
{
    [Fact]
    public void Two_reviews_at_once_never_share_the_room_that_a_third_gave_back_twice()
    {
        AdmissionReview first = Read("first");
        first.Dispose();
        first.Dispose();

        using AdmissionReview second = Read("second");
        using AdmissionReview third = Read("third", """{"kind":"x","apiVersion":"v1"},""");
        Assert.Equal("second", second.Object["metadata"]["name"].Text);
        Assert.Equal("third", third.Object["metadata"]["name"].Text);
    }

    private static AdmissionReview Read(string name, string other = "")
    {
        string body =
            $$$$"""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","other":[{{{{other}}}}0],"request":{"uid":"u","operation":"CREATE","object":{"metadata":{"name":"{{{{name}}}}" } } } }""";
        Assert.True(AdmissionReview.TryRead(Encoding.UTF8.GetBytes(body), out AdmissionReview? review, out string? error), error);
        return review;
    }
}
