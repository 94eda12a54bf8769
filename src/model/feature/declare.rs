//! How the features of one specification are declared.

/// Declares the features of one specification with their data, the same without data (the kinds),
/// and a phrase for each: what an entity that uses it does or has.
macro_rules! features {
    (
        $(#[$about:meta])*
        $name:ident $(<$m:lifetime>)? as $kind:ident {
            $($(#[$doc:meta])* $variant:ident $(($($data:ty),+))? = $phrase:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name $(<$m>)? { $($(#[$doc])* $variant $(($($data),+))?,)+ }

        #[doc = concat!("[`", stringify!($name), "`] without its data.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $kind { $($(#[$doc])* $variant,)+ }

        impl $kind {
            /// Every kind.
            pub const ALL: &'static [$kind] = &[$($kind::$variant,)+];
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $($kind::$variant => $phrase,)+ })
            }
        }

        impl $(<$m>)? $name $(<$m>)? {
            /// The feature without its data.
            pub fn kind(&self) -> $kind {
                match self { $($name::$variant { .. } => $kind::$variant,)+ }
            }
        }
    };
}
